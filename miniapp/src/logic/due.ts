// Until when staff have to do something, in words and with a tone: the colour never says it alone.
import type { CaseListItem } from '@/api/types'
import { day, daysLeft } from './times'

export interface Due { label: string; words: string; tone: '' | 'green' | 'amber' | 'red' }
export type Dated = Pick<CaseListItem, 'state' | 'stage' | 'respond_by'> & Partial<Pick<CaseListItem, 'reply_by' | 'confirm_by' | 'promised_on' | 'ended_at'>>

const ENDED: ReadonlySet<string> = new Set(['closed', 'rejected', 'withdrawn', 'merged'])
const STAGE_WORDS = { on_time: '按时', due_soon: '即将到期', overdue: '已超时', red: '超时，站长已介入', supervised: '超时，政协办督办中' }
const STAGE_TONES = { on_time: 'green', due_soon: 'amber', overdue: 'red', red: 'red', supervised: 'red' } as const

export function isEnded(state: string): boolean {
  return ENDED.has(state)
}

/** What a case's clock says to whoever handles it; `officer` goes by the department's own time. */
export function dueOf(item: Dated, now: number, officer = false): Due {
  if (isEnded(item.state)) return { label: '已结束', words: item.ended_at ? day(item.ended_at, now) : '', tone: '' }
  if (officer && item.reply_by) {
    const late = Date.parse(item.reply_by) < now
    return { label: late ? '回复超时' : '待回复', words: `${day(item.reply_by, now)}前回复，${daysLeft(item.reply_by, now)}`, tone: late ? 'red' : 'green' }
  }
  if (item.state === 'responded') return { label: '等群众确认', words: item.confirm_by ? `群众可在${day(item.confirm_by, now)}前确认或提出异议` : '', tone: '' }
  if (item.state === 'awaiting_resident') return { label: '等群众补充', words: '答复时间暂停', tone: '' }
  if (item.state === 'planned' && item.promised_on) {
    // A promise holds until the end of its day.
    const end = `${item.promised_on}T23:59:59+08:00`
    return { label: '承诺', words: `${day(end, now)}，${daysLeft(end, now)}`, tone: Date.parse(end) < now ? 'red' : 'green' }
  }
  return { label: STAGE_WORDS[item.stage], words: `${day(item.respond_by, now)}前答复，${daysLeft(item.respond_by, now)}`, tone: STAGE_TONES[item.stage] }
}
