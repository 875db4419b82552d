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

module.exports = { answer, deskOf }
