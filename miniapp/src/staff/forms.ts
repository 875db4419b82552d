// The forms of staff's actions on a case: which fields each has, and what is wrong with what stands in them. Pure.
import { dateOf } from '@/logic/times'
import type { StaffAction } from './actions'

/** Actions with a page of their own are not here. */
export type FormAction = Exclude<StaffAction, 'respond' | 'assign' | 'reassign' | 'split'>

export interface TextField { name: 'text' | 'reason'; label: string; hint?: string; max: number; optional?: true }
export interface Form {
  title: string
  send: string
  done: string
  /** What it means, before the fields. */
  about?: string
  texts?: TextField[]
  date?: { label: string; optional?: true }
  choice?: 'department' | 'part' | 'leader'
  photos?: true
}

const reason = (label: string, hint?: string): TextField => ({ name: 'reason', label, hint, max: 500 })

export const FORMS: Record<FormAction, Form> = {
  accept: { title: '接件', send: '接件', done: '已接件', about: '接件后由您负责办理和答复。' },
  return: { title: '退回工作站', send: '退回', done: '已退回工作站', about: '由站长另行安排，答复期限不变。', texts: [reason('为什么退回？', '写明原因，站长好另行安排。')] },
  request_information: { title: '请群众补充', send: '发出', done: '已请群众补充', about: '等待期间答复时间暂停，累计最多五个工作日。', texts: [{ name: 'text', label: '想请群众补充什么？', max: 1000 }] },
  dispatch: { title: '转办承办单位', send: '转办', done: '已转办', about: '承办单位回复委员，仍由委员答复群众。', choice: 'department', texts: [{ name: 'text', label: '请承办单位办什么？', max: 1000 }], date: { label: '希望什么时候回复（不填按规定期限）', optional: true } },
  redirect_part: { title: '改转分办事项', send: '改转', done: '已改转', choice: 'department', texts: [{ name: 'text', label: '请承办单位办什么（不填照原来的）', max: 1000, optional: true }], date: { label: '希望什么时候回复（不填按规定期限）', optional: true } },
  take_back_part: { title: '收回分办事项', send: '收回', done: '已收回', choice: 'part', texts: [reason('为什么收回？')] },
  plan: { title: '列入计划', send: '作出承诺', done: '已列入计划', about: '承诺和日期会告诉群众，到期前请答复。', texts: [{ name: 'text', label: '承诺做什么？', max: 1000 }], date: { label: '什么时候办好？' } },
  approve: { title: '签发答复', send: '签发', done: '已签发，群众会收到', about: '签发后就以委员的名义答复群众。' },
  send_back: { title: '退回修改', send: '退回', done: '已退回委员修改', texts: [reason('请委员改哪里？')] },
  reply: { title: '回复委员', send: '回复', done: '已回复', about: '回复给负责的委员，由委员答复群众。', choice: 'part', texts: [{ name: 'text', label: '办理情况', max: 4000 }], photos: true },
  object: { title: '退单', send: '退单', done: '已退单', about: '转办后两个工作日内可以退单。', choice: 'part', texts: [reason('为什么退单？', '写明不属于职责或不能办理的理由。')] },
  uphold: { title: '维持答复', send: '维持答复并办结', done: '已维持原答复', texts: [{ name: 'text', label: '为什么维持原答复？', hint: '群众会看到这段说明。', max: 1000 }] },
  reopen: { title: '重新办理', send: '重新办理', done: '已重新办理', texts: [reason('为什么重新办理？')] },
  correct_response: { title: '更正答复', send: '更正', done: '已更正', about: '原答复保留，更正写在旁边，群众会收到。', texts: [{ name: 'text', label: '更正后的完整答复', max: 4000 }, reason('为什么更正？', '群众会看到。')] },
  merge: { title: '并案', send: '并案', done: '已并案', about: '这件跟随主办件，主办件的答复同时告诉这件的群众。', choice: 'leader' },
  unmerge: { title: '取消并案', send: '取消并案', done: '已取消并案', about: '这件回到并案前的状态，单独办理。' },
  reject: { title: '不予受理', send: '不予受理', done: '已办理', texts: [reason('为什么不予受理？', '群众会看到。')] },
  escalate: { title: '督办', send: '提级督办', done: '已提级督办', texts: [reason('为什么督办？')] },
  note: { title: '写备注', send: '保存备注', done: '已写备注', about: '只有办理人员看得到。', texts: [{ name: 'text', label: '备注', max: 1000 }] }
}

export interface Values { text: string; reason: string; date: string; choice: string; part: string }
export const NOTHING: Values = { text: '', reason: '', date: '', choice: '', part: '' }

const CHOOSE = { department: '请选择承办单位。', part: '请选择哪一项。', leader: '请选择主办件。' }

/** What is wrong, by field, before anything is sent. `parts` is how many parts there are to choose from. */
export function faultsOf(action: FormAction, values: Values, parts: number, now: number): Record<string, string> {
  const form = FORMS[action]
  const faults: Record<string, string> = {}
  for (const field of form.texts ?? []) {
    const length = [...values[field.name].trim()].length
    if (length === 0 && !field.optional) faults[field.name] = '请写几句。'
    if (length > field.max) faults[field.name] = `最多${field.max}个字。`
  }
  if (form.date && !values.date && !form.date.optional) faults.date = '请选择日期。'
  if (values.date && values.date <= dateOf(now)) faults.date = '请选择明天或以后的日期。'
  // Whoever has one part only need not name it.
  if (form.choice && form.choice !== 'part' && !values.choice) faults.choice = CHOOSE[form.choice]
  if (asksForPart(action, parts) && !values.part) faults.part = CHOOSE.part
  return faults
}

/** Whether the form asks which part is meant. */
export function asksForPart(action: FormAction, parts: number): boolean {
  if (action === 'redirect_part' || action === 'take_back_part') return true
  return FORMS[action].choice === 'part' && parts > 1
}

/** Which of a split case's parts an action can be about. */
export function partsFor<P extends { state: string }>(action: FormAction, parts: P[]): P[] {
  if (action === 'reply' || action === 'object') return parts.filter((part) => part.state === 'asked')
  return parts.filter((part) => part.state === 'asked' || part.state === 'objected')
}

/** The service's names of fields that it could not take, as those of the form. */
export function fieldOf(pointer: string): string {
  if (pointer === '/reason') return 'reason'
  if (pointer === '/due_on' || pointer === '/promised_on') return 'date'
  if (pointer === '/part') return 'part'
  if (pointer === '/department_id' || pointer === '/leading_case_id') return 'choice'
  return 'text'
}
