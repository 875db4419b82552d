// The lists of a station manager's desk: what each shows, and what stands there when there is nothing. Pure.
import type { CaseFilterCounts, State } from '@/api/types'

export type Queue = 'intake' | 'contested' | 'submitted' | 'overdue' | 'open' | 'second_look' | 'all'

/** The part of a list's query that makes it this list. */
export interface QueueQuery { state?: State[]; overdue?: boolean; submitted?: boolean; second_look?: 'contested'; sort?: 'due' | '-created' }
export interface QueueWords { title: string; hint: string; empty: string; query: QueueQuery }

const OPEN: State[] = ['received', 'assigned', 'in_progress', 'awaiting_resident', 'dispatched', 'planned', 'responded', 'contested']

export const QUEUES: Record<Queue, QueueWords> = {
  intake: { title: '待派件', hint: '退回的、没有合适委员的，要您安排', empty: '没有等您安排的件', query: { state: ['received'], sort: 'due' } },
  contested: { title: '群众异议', hint: '群众说没有解决，要您决定', empty: '没有异议', query: { state: ['contested'], sort: 'due' } },
  submitted: { title: '待签发', hint: '委员写好的答复，签发后才送出', empty: '没有等您签发的答复', query: { submitted: true, sort: 'due' } },
  overdue: { title: '超期', hint: '超过答复时间的，最久的在前', empty: '没有超期的件', query: { overdue: true } },
  open: { title: '在办', hint: '还没有办结的件', empty: '没有在办的件', query: { state: OPEN, sort: 'due' } },
  second_look: { title: '回访没有办好', hint: '一个月后群众说没有真的办好', empty: '回访都办好了', query: { second_look: 'contested' } },
  all: { title: '全部办件', hint: '可以按内容、编号、委员查找', empty: '还没有办件', query: {} }
}

/** How many cases stand in those queues that one count of the whole station tells. */
export function countsOf(all: Pick<CaseFilterCounts, 'states' | 'overdue' | 'total'>): Partial<Record<Queue, number>> {
  const inStates = (states: State[]) => all.states.filter((one) => states.includes(one.state)).reduce((sum, one) => sum + one.total, 0)
  return { intake: inStates(['received']), contested: inStates(['contested']), overdue: all.overdue, open: inStates(OPEN), all: all.total }
}
