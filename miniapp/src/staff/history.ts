// A case's history as staff read it: who did what, with the deadlines that followed.
import type { CaseEvent } from '@/api/types'
import { entryOf, type Entry } from '@/logic/timeline'
import { day } from '@/logic/times'

const PARTIES: Record<CaseEvent['party'], string> = { system: '系统', resident: '群众', its_member: '委员', manager: '工作站', officer: '承办单位' }

/** An event as an entry of the staff's timeline. */
export function staffEntryOf(event: CaseEvent, now: number): Entry {
  const whom = event.member_name ? `　${event.member_name}委员` : ''
  const due = event.due_at ? `期限：${day(event.due_at, now)}` : event.due_on ? `日期：${day(`${event.due_on}T12:00:00+08:00`, now)}` : ''
  const plain = entryOf(event)
  return {
    ...plain,
    title: `${PARTIES[event.party]}　${event.label}${event.party === 'its_member' ? '' : whom}`,
    aside: [plain.aside, event.stars ? `${event.stars}星` : '', due].filter(Boolean).join('　')
  }
}
