// What people are told when something fails, and the way on. The service's own words come first.
import { NoAnswer, Refused } from '@/api/problem'

/** What somebody can do now. */
export type Way = 'retry' | 'wait' | 'scan' | 'reload' | 'correct' | 'home' | 'login'

export interface Telling {
  title: string
  detail: string
  way: Way
  /** Seconds until the next try, where the service has said so. */
  seconds?: number
  /** The request's number, for asking at the station. */
  reference?: string
  /** Faults by field: `/text` and so on. */
  faults: Record<string, string>
  /** The code that took the place of a revoked one. */
  replacement?: string
}

const WAYS: Record<string, Way> = {
  code_not_found: 'scan', code_revoked: 'scan', no_station: 'scan',
  wrong_state: 'reload', version_conflict: 'reload', too_late: 'reload', raised_already: 'reload',
  slot_full: 'reload', already_booked: 'reload', booking_closed: 'reload',
  validation_failed: 'correct', upload_unknown: 'correct', unsupported_picture: 'correct', broken_picture: 'correct',
  picture_too_large: 'correct', body_too_large: 'correct', unsupported_media_type: 'correct', idempotency_key_reused: 'reload',
  login_failed: 'correct', invitation_invalid: 'correct', answer_unfilled: 'correct', bad_leader: 'correct', leads_others: 'correct',
  shift_overlaps: 'correct', has_bookings: 'correct', already_exists: 'correct', ticket_not_needed: 'correct',
  unauthenticated: 'login', token_expired: 'login', refresh_token_invalid: 'login',
  rate_limited: 'wait', unavailable: 'wait', wechat_unavailable: 'wait', login_delayed: 'wait'
}

const NO_ANSWER: Record<NoAnswer['why'], [string, string]> = {
  offline: ['现在连不上网络', '请检查手机的网络。您填写的内容都留在手机上，不会丢失。'],
  timeout: ['网络太慢，还没有收到回音', '请到信号好的地方再试一次。重试不会重复提交。'],
  broken: ['没有收到回音', '请稍后再试一次。重试不会重复提交。']
}

/** Tells an error. */
export function tell(error: unknown): Telling {
  if (error instanceof NoAnswer) {
    const [title, detail] = NO_ANSWER[error.why]
    return { title, detail, way: 'retry', faults: {} }
  }
  if (error instanceof Refused) return tellRefusal(error)
  return { title: '页面出了点问题', detail: error instanceof Error && error.message ? error.message : '请返回后再试一次。', way: 'retry', faults: {} }
}

function tellRefusal(error: Refused): Telling {
  const { problem, status } = error
  if (!problem) {
    return { title: '服务暂时没有正常回应', detail: `请稍后再试（${status}）。`, way: 'retry', faults: {} }
  }
  const faults: Record<string, string> = {}
  for (const fault of problem.errors ?? []) faults[fault.pointer] ??= fault.detail
  const way = WAYS[problem.code] ?? (status === 404 ? 'home' : status === 401 || status >= 500 ? 'retry' : 'reload')
  const telling: Telling = { title: problem.detail, detail: '', way, faults }
  if (way === 'wait') telling.seconds = error.retryAfter ?? 10
  if (status >= 500 && problem.instance) telling.reference = problem.instance
  if (problem.replacement) telling.replacement = problem.replacement.token
  return telling
}
