// What members, managers and departments do with each other, in browsers against the real service.
const assert = require('node:assert/strict')
const test = require('node:test')
const { field, press, show, sitDown, withBrowser } = require('../hands.cjs')
const { startService } = require('../service.cjs')
const { colleagueOf } = require('../staff.cjs')
const { caseOfMember, caseOfOfficer } = require('../staff_pages.cjs')

const DAY = 86_400_000
let service
let station
test.before(async () => {
  service = await startService()
  station = (await service.ask('GET', `/codes/${service.token}`)).station
})
test.after(async () => { await service.stop() })

const phones = (count, work, taken = []) => (count === 0 ? work(...taken) : withBrowser(service, {}, ({ page }) => phones(count - 1, work, [...taken, page])))
const mineOf = async (login, role) => (await service.ask('GET', '/me', { token: await service.logIn(login) })).roles.find((one) => one.role === role).scope_id
/** A day as the pages write it, some days from now. */
const dateIn = (days) => new Date(Date.now() + 8 * 3_600_000 + days * DAY).toISOString().slice(0, 10)
const shiftOn = async (member, days, more = { kind: 'duty' }) => service.ask('POST', `/stations/${station.id}/roster`, {
  token: await service.logIn('demo-manager'),
  body: { member_id: member, starts_at: `${dateIn(days)}T02:00:00+08:00`, ends_at: `${dateIn(days)}T04:00:00+08:00`, ...more }
})

test('a shift is offered to a colleague, who takes it over', async () => {
  const colleague = await colleagueOf(service)
  const shift = await shiftOn(await mineOf('demo-member', 'member'), 20)
  await phones(2, async (member, other) => {
    await sitDown(member, service, 'demo-member', `member/swap?at=${await mineOf('demo-member', 'member')}&shift=${shift.id}&station=${station.id}`)
    await press(member, '发给对方')
    await member.getByText('请选择同事').waitFor()
    await member.getByRole('radio', { name: `${colleague.name}委员` }).click()
    await field(member, '捎句话').fill('那天要去参加培训。')
    await press(member, '发给对方')
    await member.getByText('已请同事接手，等对方答复').waitFor()

    await sitDown(other, service, colleague.login, `member/calendar?at=${colleague.id}`)
    await other.getByText('请您接手').waitFor()
    await other.getByText('那天要去参加培训。').waitFor()
    await press(other, '同意')
    await other.getByText('请您接手').waitFor({ state: 'detached' })
  })
  const { items } = await service.ask('GET', `/stations/${station.id}/roster?from=${dateIn(20)}&to=${dateIn(20)}`, { token: await service.logIn('demo-manager') })
  assert.equal(items.find((one) => one.id === shift.id).member.id, colleague.id)
})

test('a leave that a member enters is what the manager sees when giving a case to somebody', async () => {
  const colleague = await colleagueOf(service)
  const made = await caseOfMember(service, '楼道里堆了杂物，消防门打不开。')
  await phones(2, async (member, manager) => {
    await sitDown(member, service, colleague.login, `member/leave?at=${colleague.id}`)
    await press(member, '登记请假')
    await member.getByText('请选择第一天或以后的日期').waitFor()
    await field(member, '到哪天').fill(dateIn(2))
    await press(member, '登记请假')
    await member.getByText('请假已登记').waitFor()

    await sitDown(manager, service, 'demo-manager', `staff/assign?id=${made.id}&action=reassign`)
    await manager.getByRole('radio', { name: `${colleague.name}委员` }).getByText('起回来').waitFor()
  })
})

test('a department objects with its reason, and the manager reads it where another one is asked', async () => {
  const made = await caseOfOfficer(service, '人行道的盲道被挖断了。')
  await phones(2, async (officer, manager) => {
    await sitDown(officer, service, 'demo-officer', `staff/case?id=${made.id}`)
    await press(officer, '退单')
    await field(officer, '为什么退单').waitFor()
    await officer.getByRole('button', { name: '退单', exact: true }).click()
    await officer.getByText('请写几句').waitFor()
    await field(officer, '为什么退单').fill('盲道由住建部门管养。')
    await officer.getByRole('button', { name: '退单', exact: true }).click()
    await officer.getByRole('tab', { name: '待回复' }).waitFor()

    await sitDown(manager, service, 'demo-manager', `staff/case?id=${made.id}`)
    await manager.getByText('盲道由住建部门管养。').first().waitFor()
    await manager.getByRole('button', { name: '转办承办单位' }).waitFor()
  })
})

test('an answer that is signed off: sent back with a reason, written anew, signed', async () => {
  await service.ask('PATCH', `/stations/${station.id}`, { token: await service.logIn('demo-admin'), body: { answers_signed_off: true } })
  const made = await caseOfMember(service, '公园的长椅坏了，坐不了人。')
  const answersNow = async () => (await service.ask('GET', `/cases/${made.id}`, { ticket: made.case_ticket })).responses.map((one) => one.text)
  try {
    await phones(2, async (member, manager) => {
      const hand = async (words) => {
        await press(member, '答复群众')
        await field(member, '答复').fill(words)
        await member.getByRole('radio', { name: '到过现场' }).click()
        await press(member, '看一遍，准备送出')
        await member.getByRole('region', { name: '送出前看一遍' }).getByRole('button').first().click()
        await member.getByText('等待签发的答复').waitFor()
      }
      await sitDown(member, service, 'demo-member', `staff/case?id=${made.id}`)
      await hand('已报修。')
      assert.deepEqual(await answersNow(), [])

      await sitDown(manager, service, 'demo-manager', `staff/case?id=${made.id}`)
      await press(manager, '退回修改')
      await manager.getByText('已报修。').first().waitFor()
      await field(manager, '请委员改哪里').fill('请写明什么时候修好。')
      await manager.getByRole('button', { name: '退回', exact: true }).click()
      await manager.getByText('办理过程').waitFor()

      await show(member, service, `staff/case?id=${made.id}`)
      await member.getByText('请写明什么时候修好。').first().waitFor()
      await hand('长椅今天上午已经换新。')
      await show(manager, service, `staff/case?id=${made.id}`)
      await press(manager, '签发答复')
      await manager.getByRole('button', { name: '签发', exact: true }).click()
      await manager.getByText('等群众确认').first().waitFor()
    })
  } finally {
    await service.ask('PATCH', `/stations/${station.id}`, { token: await service.logIn('demo-admin'), body: { answers_signed_off: false } })
  }
  assert.deepEqual(await answersNow(), ['长椅今天上午已经换新。'])
})
