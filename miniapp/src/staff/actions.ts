// What staff can do with a case: the words on the buttons, their order, and the page of each. Whether a button is there
// at all, the service's `allowed_actions` says.
import type { Action, Case } from '@/api/types'
import { query } from '@/logic/ways'

/** What staff do; the rest is the resident's or the service's. */
export type StaffAction = Exclude<Action, 'confirm' | 'contest' | 'second_look' | 'supplement' | 'withdraw' | 'expire'>

/** In the order of how much each is wanted; those with `aside` stand behind 更多操作. */
const BUTTONS: Record<StaffAction, { words: string; aside?: true }> = {
  approve: { words: '签发答复' },
  send_back: { words: '退回修改' },
  reply: { words: '回复委员' },
  object: { words: '退单' },
  accept: { words: '接件' },
  assign: { words: '派件' },
  respond: { words: '答复群众' },
  uphold: { words: '维持答复' },
  reopen: { words: '重新办理' },
  request_information: { words: '请群众补充' },
  dispatch: { words: '转办承办单位' },
  plan: { words: '列入计划' },
  reassign: { words: '改派' },
  return: { words: '退回工作站', aside: true },
  split: { words: '拆分办理', aside: true },
  redirect_part: { words: '改转分办事项', aside: true },
  take_back_part: { words: '收回分办事项', aside: true },
  correct_response: { words: '更正答复', aside: true },
  merge: { words: '并案', aside: true },
  unmerge: { words: '取消并案', aside: true },
  reject: { words: '不予受理', aside: true },
  escalate: { words: '督办', aside: true },
  note: { words: '写备注', aside: true }
}
const ORDER = Object.keys(BUTTONS) as StaffAction[]

export interface Offer { action: StaffAction; words: string }

/** The actions that the service offers to this caller now: those that are wanted, and the others. */
export function offers(record: Pick<Case, 'allowed_actions'>): { first: Offer[]; others: Offer[] } {
  const all = ORDER.filter((action) => record.allowed_actions.includes(action))
  const offer = (action: StaffAction): Offer => ({ action, words: BUTTONS[action].words })
  return { first: all.filter((action) => !BUTTONS[action].aside).map(offer), others: all.filter((action) => BUTTONS[action].aside).map(offer) }
}

/** Where an action is done, on the version of the case that was seen. */
export function pageOf(action: StaffAction, id: string, version: number): string {
  const page = action === 'respond' ? 'answer' : action === 'assign' || action === 'reassign' ? 'assign' : action === 'split' ? 'split' : 'act'
  return `/staff/${page}${query({ id, action, version: String(version) })}`
}
