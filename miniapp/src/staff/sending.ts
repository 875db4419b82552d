// An action of staff on its way: the typed call of each, with the version that was seen and a key that makes a repetition harmless.
import { call } from '@/api'
import type { Case } from '@/api/types'
import type { FormAction, Values } from './forms'

export interface Sent { values: Values; uploads: string[]; answer: number | undefined; key: string; version: number }

/** Does it, and gives the case as it is then. */
export function send(action: FormAction, id: string, { values, uploads, answer, key, version }: Sent): Promise<Case> {
  const by = { path: { id }, key, version }
  const text = values.text.trim()
  const reason = values.reason.trim()
  const part = values.part ? { part: Number(values.part) } : {}
  const due = values.date ? { due_on: values.date } : {}
  const pictures = uploads.length ? { uploads } : {}
  switch (action) {
    case 'accept': return call('post', '/api/v1/cases/{id}/accept', by)
    case 'return': return call('post', '/api/v1/cases/{id}/return', { ...by, body: { reason } })
    case 'request_information': return call('post', '/api/v1/cases/{id}/request-information', { ...by, body: { question: text } })
    case 'dispatch': return call('post', '/api/v1/cases/{id}/dispatch', { ...by, body: { department_id: values.choice, request: text, ...due } })
    case 'redirect_part': return call('post', '/api/v1/cases/{id}/redirect-part', { ...by, body: { part: Number(values.part), department_id: values.choice, ...(text && { request: text }), ...due } })
    case 'take_back_part': return call('post', '/api/v1/cases/{id}/take-back-part', { ...by, body: { part: Number(values.part), reason } })
    case 'plan': return call('post', '/api/v1/cases/{id}/plan', { ...by, body: { promise: text, promised_on: values.date } })
    case 'approve': return call('post', '/api/v1/cases/{id}/approve', { ...by, body: { answer: answer ?? 0 } })
    case 'send_back': return call('post', '/api/v1/cases/{id}/send-back', { ...by, body: { answer: answer ?? 0, reason } })
    case 'reply': return call('post', '/api/v1/cases/{id}/reply', { ...by, body: { text, ...pictures, ...part } })
    case 'object': return call('post', '/api/v1/cases/{id}/object', { ...by, body: { reason, ...part } })
    case 'uphold': return call('post', '/api/v1/cases/{id}/uphold', { ...by, body: { explanation: text } })
    case 'reopen': return call('post', '/api/v1/cases/{id}/reopen', { ...by, body: { reason } })
    case 'correct_response': return call('post', '/api/v1/cases/{id}/correct-response', { ...by, body: { text, reason } })
    case 'merge': return call('post', '/api/v1/cases/{id}/merge', { ...by, body: { leading_case_id: values.choice } })
    case 'unmerge': return call('post', '/api/v1/cases/{id}/unmerge', by)
    case 'reject': return call('post', '/api/v1/cases/{id}/reject', { ...by, body: { reason } })
    case 'escalate': return call('post', '/api/v1/cases/{id}/escalate', { ...by, body: { reason } })
    case 'note': return call('post', '/api/v1/cases/{id}/note', { ...by, body: { text } })
  }
}
