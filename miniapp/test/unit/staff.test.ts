import assert from 'node:assert/strict'
import test from 'node:test'
import type { Case, CaseEvent, NamedRole } from '@/api/types'
import { Refused } from '@/api/problem'
import { createClient, type Asked } from '@/api/client'
import { desksOf, homeOf, nameOf } from '@/logic/desks'
import { dueOf, type Dated } from '@/logic/due'
import { dateOf, momentOf } from '@/logic/times'
import { keyring } from '@/logic/keys'
import { offers, pageOf } from '@/staff/actions'
import { fillIn, unfilledIn, withTemplate } from '@/staff/answering'
import { currentCase, standing } from '@/staff/conflict'
import { asksForPart, faultsOf, FORMS, NOTHING, partsFor, type FormAction } from '@/staff/forms'
import { staffEntryOf } from '@/staff/history'
import { countsOf, QUEUES } from '@/manager/queues'

const NOW = Date.parse('2026-11-25T03:00:00Z')

test('the version that was seen travels as If-Match', async () => {
  const asked: Asked[] = []
  const call = createClient(async (one) => { asked.push(one); return { status: 200, data: {}, header: {} } }, () => 'https://code.example.cn', () => 'token')
  await call('post', '/api/v1/cases/{id}/accept', { path: { id: 'c' }, version: 3, key: 'k' })
  assert.equal(asked[0].header['if-match'], '"3"')
  await call('post', '/api/v1/cases/{id}/accept', { path: { id: 'c' } })
  assert.equal('if-match' in asked[1].header, false)
})

test('a clock says in words what its colour says', () => {
  const item = (more: Partial<Dated>): Dated => ({ state: 'in_progress', stage: 'on_time', respond_by: '2026-11-28T10:00:00Z', ...more })
  assert.deepEqual(dueOf(item({}), NOW), { label: '按时', words: '11月28日（周六）前答复，还有3天', tone: 'green' })
  assert.deepEqual(dueOf(item({ stage: 'due_soon' }), NOW).tone, 'amber')
  assert.equal(dueOf(item({ stage: 'supervised', respond_by: '2026-11-23T01:00:00Z' }), NOW).words, '11月23日（周一）前答复，已超过2天')
  assert.deepEqual(dueOf(item({ state: 'planned', promised_on: '2026-11-25' }), NOW), { label: '承诺', words: '今天，就在今天', tone: 'green' })
  assert.equal(dueOf(item({ state: 'planned', promised_on: '2026-11-24' }), NOW).tone, 'red')
  assert.equal(dueOf(item({ state: 'awaiting_resident' }), NOW).words, '答复时间暂停')
  const dispatched = item({ state: 'dispatched', reply_by: '2026-11-24T10:00:00Z' })
  assert.deepEqual([dueOf(dispatched, NOW, true).label, dueOf(dispatched, NOW).label], ['回复超时', '按时'])
})

test('buttons are those that the service allows, the wanted ones first', () => {
  const { first, others } = offers({ allowed_actions: ['note', 'return', 'respond', 'confirm', 'request_information'] })
  assert.deepEqual(first.map((offer) => offer.action), ['respond', 'request_information'])
  assert.deepEqual(others.map((offer) => offer.action), ['return', 'note'])
  assert.equal(pageOf('respond', 'c', 3), '/staff/answer?id=c&action=respond&version=3')
  assert.equal(pageOf('reassign', 'c', 3), '/staff/assign?id=c&action=reassign&version=3')
  assert.equal(pageOf('note', 'c', 3), '/staff/act?id=c&action=note&version=3')
})

test('a form wants what the action needs, and no more', () => {
  assert.deepEqual(Object.keys(faultsOf('plan', NOTHING, 0, NOW)), ['text', 'date'])
  assert.deepEqual(faultsOf('plan', { ...NOTHING, text: '修好', date: '2026-11-25' }, 0, NOW), { date: '请选择明天或以后的日期。' })
  assert.deepEqual(faultsOf('plan', { ...NOTHING, text: '修好', date: '2026-11-26' }, 0, NOW), {})
  assert.deepEqual(faultsOf('dispatch', { ...NOTHING, text: '请核实' }, 0, NOW), { choice: '请选择承办单位。' })
  assert.deepEqual(faultsOf('redirect_part', { ...NOTHING, choice: 'd', part: '1' }, 1, NOW), {})
  assert.deepEqual(faultsOf('return', { ...NOTHING, reason: '字'.repeat(501) }, 0, NOW), { reason: '最多500个字。' })
  for (const action of Object.keys(FORMS) as FormAction[]) assert.ok(FORMS[action].send, action)
})

test('an officer with several parts is asked for which one, with one part is not', () => {
  const parts = [{ state: 'asked' }, { state: 'replied' }, { state: 'objected' }]
  assert.equal(partsFor('reply', parts).length, 1)
  assert.equal(partsFor('take_back_part', parts).length, 2)
  assert.deepEqual([asksForPart('reply', 1), asksForPart('reply', 2), asksForPart('take_back_part', 1)], [false, true, true])
})

test('open fields of a template are found and filled', () => {
  const text = '已联系{{单位}}，{{日期}}前修好。{{单位}}电话【号码】'
  assert.deepEqual(unfilledIn(text).map((field) => field.name), ['单位', '日期', '号码'])
  assert.equal(fillIn(text, '{{单位}}', ' 供电所 '), '已联系供电所，{{日期}}前修好。供电所电话【号码】')
  assert.equal(unfilledIn('都写好了').length, 0)
  assert.equal(withTemplate('您好。\n', '模板'), '您好。\n模板')
  assert.equal(withTemplate(' ', '模板'), '模板')
})

test('who was slower is told how the case stands now', () => {
  const current = { state_label: '已答复', member: { id: 'm', name: '林知远' }, updated_at: '2026-11-25T02:30:00Z', responses: [] }
  const refusal = new Refused(412, { code: 'version_conflict', detail: '内容已被他人更新，请刷新后再操作。', current })
  const found = currentCase(refusal) as Case
  assert.equal(standing(found, NOW), '这件现在是“已答复”（林知远委员，今天 10:30更新）。')
  assert.equal(currentCase(new Refused(409, { code: 'wrong_state', detail: '' })), null)
})

test('staff read who did what', () => {
  const event = { seq: 3, at: '2026-11-25T01:00:00Z', kind: 'reassign', label: '改派', party: 'manager', to_state: 'assigned', member_name: '何守田', text: '熟悉线路', due_at: '2026-11-28T10:00:00Z' } as CaseEvent
  const entry = staffEntryOf(event, NOW)
  assert.equal(entry.title, '工作站　改派　何守田委员')
  assert.equal(entry.text, '熟悉线路')
  assert.equal(entry.aside, '期限：11月28日（周六）')
})

test('a day in Shanghai and its hours', () => {
  assert.equal(dateOf('2026-11-25T16:00:00Z'), '2026-11-26')
  assert.equal(dateOf(NOW, 6), '2026-12-01')
  assert.equal(momentOf('2026-11-26', '09:30'), '2026-11-26T01:30:00.000Z')
})

test('the same words keep their key, changed words get another one', () => {
  const keyFor = keyring()
  const first = keyFor(['a', 1])
  assert.equal(keyFor(['a', 1]), first)
  assert.notEqual(keyFor(['a', 2]), first)
})

test('roles with pages here become desks', () => {
  const role = (name: string, id: string) => ({ role: name, scope_kind: 'x', scope_id: id, scope_name: `n${id}` }) as unknown as NamedRole
  const desks = desksOf([role('resident', '1'), role('member', '2'), role('station_manager', '3'), role('operator', '4')])
  assert.deepEqual(desks.map(nameOf), ['n2委员', 'n3　站长'])
  assert.equal(homeOf(desks[1]), '/manager/desk?at=3')
})

test('a desk counts its lists from one count of the station', () => {
  const states = [{ state: 'received', label: '', total: 2 }, { state: 'contested', label: '', total: 1 }, { state: 'closed', label: '', total: 9 }] as Parameters<typeof countsOf>[0]['states']
  assert.deepEqual(countsOf({ states, overdue: 3, total: 12 }), { intake: 2, contested: 1, overdue: 3, open: 3, all: 12 })
  assert.deepEqual(QUEUES.submitted.query, { submitted: true, sort: 'due' })
})
