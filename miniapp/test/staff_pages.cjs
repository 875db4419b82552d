// The pages of staff as they are looked at: each with who is logged in, on cases that stand where the page needs them.

/** A report without an account that the demo member has, accepted where `accepted`. */
async function caseOfMember(service, text, accepted = true) {
  const [manager, member] = [await service.logIn('demo-manager'), await service.logIn('demo-member')]
  const mine = (await service.ask('GET', '/me', { token: member })).roles.find((role) => role.role === 'member').scope_id
  const made = await service.ask('POST', '/cases', { body: { code: service.token, text, contact: { name: '测试居民', phone: '19900000009' } } })
  if (made.member?.id !== mine) await service.ask('POST', `/cases/${made.id}/reassign`, { token: manager, body: { member_id: mine, reason: '由熟悉该片区的委员办理' } })
  if (accepted) await service.ask('POST', `/cases/${made.id}/accept`, { token: member })
  return made
}

/** A case that waits for the demo officer's department. */
async function caseOfOfficer(service, text) {
  const [manager, officer] = [await service.logIn('demo-manager'), await service.logIn('demo-officer')]
  const department = (await service.ask('GET', '/me', { token: officer })).roles.find((role) => role.role === 'department_officer').scope_id
  const made = await caseOfMember(service, text)
  await service.ask('POST', `/cases/${made.id}/dispatch`, { token: manager, body: { department_id: department, request: '请现场核实并修复。' } })
  return made
}

/** A template whose fields have to be filled in; made once. */
async function makeTemplate(service) {
  const token = await service.logIn('demo-admin')
  const committee = (await service.ask('GET', '/me', { token })).roles.find((role) => role.role === 'committee_admin').scope_id
  const { items } = await service.ask('GET', '/answer-templates', { token })
  if (items.length === 0) await service.ask('POST', '/answer-templates', { token, body: { committee_id: committee, title: '维修类', body: '已联系{{单位}}到现场，预计{{日期}}前修好。' } })
}

async function staffPages(service, answered) {
  const station = (await service.ask('GET', `/codes/${service.token}`)).station
  const token = await service.logIn('demo-member')
  const mine = (await service.ask('GET', '/me', { token })).roles.find((role) => role.role === 'member').scope_id
  await makeTemplate(service)
  const [shift] = (await service.ask('GET', '/me/shifts', { token })).items
  const assigned = await caseOfMember(service, '社区门口的台阶破损，轮椅上不去。', false)
  const begun = await caseOfMember(service, '三号楼的电梯停了两天，老人下不了楼。')
  const dispatched = await caseOfOfficer(service, '路口的路灯不亮，晚上过马路看不清。')
  const member = (hash) => ({ hash, as: 'demo-member' })
  const manager = (hash) => ({ hash, as: 'demo-manager' })
  const officer = (hash) => ({ hash, as: 'demo-officer' })
  const act = (made, action) => `staff/act?id=${made.id}&action=${action}`
  return {
    'staff-login': 'pages/me/login', 'staff-desks': member('pages/me/desks'), 'staff-bind': member('pages/me/bind'), 'staff-password': member('pages/me/password'), 'staff-me': member('pages/me/index'), 'staff-home': member(''),
    'member-list': member('member/list'), 'member-case': member(`staff/case?id=${begun.id}`), 'member-answered': member(`staff/case?id=${answered.id}`),
    'member-answer': member(`staff/answer?id=${begun.id}&action=respond`), 'member-calendar': member('member/calendar'), 'member-swap': member(`member/swap?at=${mine}&shift=${shift.id}&station=${shift.station_id}`), 'member-leave': member(`member/leave?at=${mine}`),
    'member-plan': member(act(begun, 'plan')), 'member-return': member(act(begun, 'return')),
    'manager-desk': manager(`manager/desk?at=${station.id}`), 'manager-intake': manager(`manager/list?at=${station.id}&queue=intake`), 'manager-overdue': manager(`manager/list?at=${station.id}&queue=overdue`), 'manager-all': manager(`manager/list?at=${station.id}&queue=all`),
    'manager-case': manager(`staff/case?id=${assigned.id}`), 'manager-reassign': manager(`staff/assign?id=${assigned.id}&action=reassign`), 'manager-dispatch': manager(act(begun, 'dispatch')), 'manager-split': manager(`staff/split?id=${begun.id}&action=split`),
    'manager-merge': manager(act(begun, 'merge')), 'manager-roster': manager(`manager/roster?at=${station.id}`), 'manager-shift': manager(`manager/shift?at=${station.id}`), 'manager-reception': manager(`manager/reception?at=${station.id}`),
    'manager-counter': manager(`manager/counter?at=${station.id}`), 'manager-codes': manager(`manager/codes?at=${station.id}`), 'manager-code': manager(`manager/code?at=${station.id}&token=${service.token}`),
    'officer-list': officer('officer/list'), 'officer-case': officer(`staff/case?id=${dispatched.id}`), 'officer-reply': officer(act(dispatched, 'reply')), 'officer-object': officer(act(dispatched, 'object'))
  }
}

module.exports = { caseOfMember, caseOfOfficer, makeTemplate, staffPages }
