// A case's history in sentences, as its resident reads it.
import type { Action, Case, CaseEvent, EventKind, Stage } from '@/api/types'

export interface Entry {
  seq: number
  at: string
  title: string
  text: string
  /** Beside the text: what it was before a correction, a date that was promised, a reason. */
  aside: string
  pictures: string[]
  tone: 'resident' | 'answer' | 'late' | 'plain'
}

type Sentence = string | ((event: CaseEvent) => string)
const by = (event: CaseEvent, words: string) => `${event.member_name ? `${event.member_name}委员` : '委员'}${words}`

/** Every kind has to be decided on: a new one in the service's document fails the type check here. */
const SENTENCES: Record<EventKind, Sentence> = {
  created: '您反映了情况，已受理登记',
  assign: (event) => (event.member_name ? `交给${event.member_name}委员办理` : '已派给委员办理'),
  accept: (event) => by(event, '已接件，开始办理'),
  return: '委员退回，由工作站重新安排',
  reassign: (event) => (event.member_name ? `改由${event.member_name}委员办理` : '改由其他工作站办理'),
  request_information: '请您补充情况',
  supplement: '您补充了情况',
  dispatch: '已转给承办单位办理',
  split: '已请多家承办单位分头办理',
  redirect_part: '其中一项改由另一家承办单位办理',
  take_back_part: '其中一项收回，由委员继续办理',
  reply: '承办单位已经回复委员',
  object: '承办单位退回，委员继续办理',
  plan: '已列入计划',
  respond: (event) => (event.party === 'manager' ? '工作站答复了您' : by(event, '答复了您')),
  approve: (event) => by(event, '答复了您'),
  send_back: '答复退回修改',
  confirm: (event) => (event.solved === 'partly' ? '您确认：部分解决' : '您确认：已经解决'),
  contest: '您提出了异议',
  reopen: '工作站决定重新办理',
  uphold: '工作站维持原答复',
  expire: '14天内没有收到您的意见，自动办结',
  reject: '不予受理',
  withdraw: '您撤回了反映',
  merge: '与同一件事并案办理',
  unmerge: '取消并案，单独办理',
  escalate: (event) => (event.party === 'resident' ? '您请求督办' : '已提级督办'),
  note: '内部备注',
  correct_response: '答复有更正',
  second_look: '您回复了回访',
  confirm_due: '答复已送达多日，还没有收到您的意见。请看看是否解决，逾期将自动办结。',
  second_look_asked: '请问：答应的事真的办好了吗？',
  answer_submitted: '答复等待签发',
  accept_overdue: '超过接件时间，已提醒委员',
  part_overdue: '承办单位回复超时，已提醒',
  parts_ended: '分头办理已结束',
  due_soon: '临近答复时间，已提醒委员',
  overdue: '超过答复时间，已提醒委员',
  red: '超时两个工作日，站长已介入',
  supervised: '超时五个工作日，政协办已督办',
  resumed: '等待补充的时间已到，继续办理',
  leader_responded: '并案的事情有了答复',
  leader_reopened: '并案的事情重新办理',
  leader_closed: '并案的事情已经办结',
  ticket_issued: '工作站补发了查询凭证',
  calendar_changed: '因节假日调整，答复日期有变化',
  content_held: '有内容需要人工看一下',
  content_allowed: '内容已经看过，可以显示',
  content_refused: '有内容不便显示'
}

const LATE: ReadonlySet<EventKind> = new Set<EventKind>(['accept_overdue', 'part_overdue', 'overdue', 'red', 'supervised'])
const ANSWERS: ReadonlySet<EventKind> = new Set<EventKind>(['respond', 'approve', 'leader_responded', 'correct_response', 'uphold'])

function toneOf(event: CaseEvent): Entry['tone'] {
  if (event.party === 'resident') return 'resident'
  if (ANSWERS.has(event.kind)) return 'answer'
  return LATE.has(event.kind) ? 'late' : 'plain'
}

/** An event of the history as an entry of the timeline. */
export function entryOf(event: CaseEvent): Entry {
  const sentence = SENTENCES[event.kind] ?? event.label
  return {
    seq: event.seq,
    at: event.at,
    title: typeof sentence === 'function' ? sentence(event) : sentence,
    text: event.text ?? event.reason ?? '',
    aside: event.former_text ? `原答复：${event.former_text}` : event.text && event.reason ? `原因：${event.reason}` : '',
    pictures: event.uploads ?? [],
    tone: toneOf(event)
  }
}

export const STAGES: Record<Stage, string> = { on_time: '', due_soon: '即将到期', overdue: '已超时', red: '已超时', supervised: '督办中' }

/** What a resident can do, in the order of how much it is wanted, with the words on the button. */
export const RESIDENT_ACTIONS: [Action, string][] = [
  ['confirm', '已经解决，确认办结'], ['contest', '没有解决，提出异议'], ['second_look', '回复回访'],
  ['supplement', '补充情况'], ['escalate', '请求督办'], ['withdraw', '撤回反映']
]

/** Only what the service offers to this caller now. */
export function offered(record: Pick<Case, 'allowed_actions'>): [Action, string][] {
  return RESIDENT_ACTIONS.filter(([action]) => record.allowed_actions.includes(action))
}

/** What happens next, in one sentence. */
export function nextStep(record: Pick<Case, 'state' | 'member' | 'station'>): string {
  const member = record.member ? `${record.member.name}委员` : '委员'
  switch (record.state) {
    case 'received': return `${record.station.name}正在安排委员`
    case 'assigned': return `已交给${member}，等待接件`
    case 'in_progress': return `${member}正在办理`
    case 'awaiting_resident': return `${member}在等您补充情况`
    case 'dispatched': return `承办单位正在办理，${member}负责答复您`
    case 'planned': return `已列入计划，${member}负责到底`
    case 'responded': return '请您看看答复：解决了就确认，没解决就提出异议'
    case 'contested': return `${record.station.name}正在处理您的异议`
    case 'closed': return '已经办结'
    case 'rejected': return '不予受理，原因见下'
    case 'withdrawn': return '您已撤回'
    case 'merged': return '与同一件事并案办理，答复会同时告诉您'
  }
}
