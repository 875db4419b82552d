// Somebody else was faster: what the service tells of the case as it is now.
import { Refused } from '@/api/problem'
import type { Case } from '@/api/types'
import { moment } from '@/logic/times'

/** The case in a refusal because of its version; null where the refusal is about something else. */
export function currentCase(error: unknown): Case | null {
  if (!(error instanceof Refused) || error.code !== 'version_conflict') return null
  const current = error.problem?.current
  return typeof current === 'object' && current !== null && 'state_label' in current ? (current as Case) : null
}

/** How it stands now, in one sentence. */
export function standing(record: Pick<Case, 'state_label' | 'member' | 'updated_at'>, now: number): string {
  const who = record.member ? `${record.member.name}委员` : '还没有委员'
  return `这件现在是“${record.state_label}”（${who}，${moment(record.updated_at, now)}更新）。`
}
