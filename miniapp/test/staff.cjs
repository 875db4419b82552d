// What the staff does meanwhile, through the API.

/** The demo member takes a case on and answers it; the manager hands it over where routing chose somebody else. */
async function answer(service, id, text) {
  const [manager, member] = [await service.logIn('demo-manager'), await service.logIn('demo-member')]
  const { roles } = await service.ask('GET', '/me', { token: member })
  const mine = roles.find((role) => role.role === 'member').scope_id
  const found = await service.ask('GET', `/cases/${id}`, { token: manager })
  if (found.member?.id !== mine) await service.ask('POST', `/cases/${id}/reassign`, { token: manager, body: { member_id: mine, reason: '由熟悉该片区的委员办理' } })
  await service.ask('POST', `/cases/${id}/accept`, { token: member })
  await service.ask('POST', `/cases/${id}/respond`, { token: member, body: { text, evidence: 'visit' } })
}

/** What a browser keeps for somebody of the staff who is logged in: the session and the desks of the account. */
async function deskOf(service, login) {
  const session = await service.session(login)
  const { roles } = await service.ask('GET', '/me', { token: session.access_token })
  const desks = roles.filter(({ role }) => ['member', 'station_manager', 'department_officer'].includes(role)).map((role) => ({ role: role.role, id: role.scope_id, name: role.scope_name }))
  return { session: { session, until: Date.now() + session.expires_in * 1000 }, desks, desk: desks[0]?.id ?? '' }
}

const SECOND = 'second-staff'
const colleagues = new Map()

/** The resident of the simulator's WeChat, as an account. */
const residentOf = async (service) => (await service.ask('POST', '/sessions/wechat', { body: { js_code: await service.jsCode('demo-resident') } })).access_token

/** Somebody else of the district with a login: the simulator's resident, invited into a role and bound, once per role. */
async function colleagueOf(service, role = 'member') {
  if (colleagues.has(role)) return colleagues.get(role)
  const [admin, manager, token] = [await service.logIn('demo-admin'), await service.logIn('demo-manager'), await residentOf(service)]
  const { station } = await service.ask('GET', `/codes/${service.token}`)
  const takenBy = async (login) => (await service.ask('GET', '/me', { token: await service.logIn(login) })).roles.map((one) => one.scope_id)
  const taken = [...await takenBy('demo-member'), ...await takenBy('demo-officer')]
  const { items } = await service.ask('GET', role === 'member' ? `/members?station=${station.id}&limit=100` : '/departments', { token: manager })
  const { id, name } = items.find((one) => !taken.includes(one.id))
  const { code } = await service.ask('POST', '/invitations', { token: admin, body: { role, scope_id: id } })
  await service.ask('POST', '/me/bindings', { token, body: { invite_code: code } })
  if (colleagues.size === 0) await service.ask('PUT', '/me/password', { token, body: { login: SECOND, password: service.password } })
  colleagues.set(role, { id, name, login: SECOND })
  return colleagues.get(role)
}

module.exports = { answer, colleagueOf, deskOf }
