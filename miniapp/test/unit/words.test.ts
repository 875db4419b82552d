import assert from 'node:assert/strict'
import test from 'node:test'
import type { CaseEvent } from '@/api/types'
import { NoAnswer, readProblem, Refused } from '@/api/problem'
import { tell } from '@/logic/error_words'
import { grouped } from '@/logic/names'
import { clock, day, daysLeft, moment, span } from '@/logic/times'
import { entryOf, offered } from '@/logic/timeline'

const NOW = Date.parse('2026-11-25T03:00:00Z')

test('days are those of Shanghai', () => {
  assert.equal(day('2026-11-25T15:59:59Z', NOW), '今天')
  assert.equal(day('2026-11-25T16:00:00Z', NOW), '明天')
  assert.equal(day('2026-11-24T15:59:59Z', NOW), '昨天')
  assert.equal(day('2026-11-23T15:59:59Z', NOW), '11月23日（周一）')
  assert.equal(day('2027-01-03T02:00:00Z', NOW), '2027年1月3日')
  assert.equal(clock('2026-11-25T16:05:00Z'), '00:05')
  assert.equal(moment('2026-11-26T01:30:00Z', NOW), '明天 09:30')
  assert.equal(span('2026-11-26T01:00:00Z', '2026-11-26T03:30:00Z', NOW), '明天 09:00 至 11:30')
})

test('what is left is counted in days, and lateness is said', () => {
  assert.equal(daysLeft('2026-11-28T10:00:00Z', NOW), '还有3天')
  assert.equal(daysLeft('2026-11-25T10:00:00Z', NOW), '就在今天')
  assert.equal(daysLeft('2026-11-25T01:00:00Z', NOW), '今天刚过期')
  assert.equal(daysLeft('2026-11-23T01:00:00Z', NOW), '已超过2天')
})

test('a refusal is told in the words of the service, with a way on', () => {
  const problem = readProblem({ code: 'validation_failed', detail: '填写的内容有误，请检查后重新提交。', errors: [{ pointer: '/text', code: 'blank', detail: '不能为空。' }] })
  const telling = tell(new Refused(422, problem))
  assert.equal(telling.title, '填写的内容有误，请检查后重新提交。')
  assert.deepEqual(telling.faults, { '/text': '不能为空。' })
  assert.equal(telling.way, 'correct')
})

test('a revoked code leads to its replacement', () => {
  const problem = readProblem(JSON.stringify({ code: 'code_revoked', detail: '这个二维码已停用。', replacement: { token: 'T', url: 'u' } }))
  const telling = tell(new Refused(410, problem))
  assert.deepEqual([telling.way, telling.replacement], ['scan', 'T'])
})

test('who has to wait is told for how long', () => {
  const busy = new Refused(429, { code: 'rate_limited', detail: '操作过于频繁，请稍后再试。' }, { 'Retry-After': '7' })
  assert.deepEqual([tell(busy).way, tell(busy).seconds], ['wait', 7])
})

test('a lost network, a proxy that answers, and a fault of ours are told apart', () => {
  assert.equal(tell(new NoAnswer('offline', 'request:fail')).title, '现在连不上网络')
  assert.equal(tell(new Refused(502, readProblem('<html>Bad Gateway</html>'))).title, '服务暂时没有正常回应')
  assert.equal(tell(new Refused(500, { code: 'internal', detail: '服务出现问题', instance: 'abc' })).reference, 'abc')
})

test('history reads as sentences, with what was said', () => {
  const event = { seq: 3, at: '2026-11-25T01:00:00Z', kind: 'respond', label: '答复', party: 'its_member', member_name: '林知远', text: '修好了', from_state: 'in_progress', to_state: 'responded' } as CaseEvent
  const entry = entryOf(event)
  assert.deepEqual([entry.title, entry.text, entry.tone], ['林知远委员答复了您', '修好了', 'answer'])
  assert.equal(entryOf({ ...event, kind: 'confirm', party: 'resident', solved: 'partly' }).title, '您确认：部分解决')
  assert.equal(entryOf({ ...event, kind: 'something_new' as CaseEvent['kind'] }).title, '答复')
})

test('buttons are those that the service offers, the wanted ones first', () => {
  assert.deepEqual(offered({ allowed_actions: ['withdraw', 'supplement', 'note'] }).map(([action]) => action), ['supplement', 'withdraw'])
  assert.deepEqual(offered({ allowed_actions: [] }), [])
})

test('numbers are read out in groups', () => {
  assert.equal(grouped('3810472956'), '381-0472-956')
})
