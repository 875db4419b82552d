// The pages of staff in a browser, against the real service.
const assert = require('node:assert/strict')
const fs = require('node:fs')
const test = require('node:test')
const { openBrowser } = require('../browser.cjs')
const { startService } = require('../service.cjs')
const { answer, deskOf } = require('../staff.cjs')
const { caseOfMember, makeTemplate, staffPages } = require('../staff_pages.cjs')

const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
let service
test.before(async () => { service = await startService() })
test.after(async () => { await service.stop() })

const press = (page, name) => page.getByRole('button', { name, exact: false }).first().click()
const field = (page, name) => page.locator(`:is(input, textarea)[aria-label^="${name}"]`).last()

async function withBrowser(options, work) {
  const browser = await openBrowser({ origin: service.url, ...options })
  try { await work(browser) } finally { await browser.close() }
  assert.deepEqual(browser.faults, [])
}

async function logIn(page, login) {
  await page.goto(`${service.url}/m/#/pages/me/login`)
  await field(page, '登录名').fill(login)
  await field(page, '密码').fill(service.password)
  await press(page, '登录')
}

test('the main line by all four roles: resident, manager, member, department, and back to the resident', async () => {
  const open = async (work) => withBrowser({}, work)
  await open(async ({ page: resident }) => open(async ({ page: manager }) => open(async ({ page: member }) => open(async ({ page: officer }) => {
    await resident.goto(`${service.url}/c/${service.token}`)
    await press(resident, '我要反映')
    await press(resident, '同意，继续')
    await field(resident, '发生了什么事').fill('菜场后门的污水井一直往外冒，气味很重。')
    await press(resident, '下一步')
    await press(resident, '下一步')
    await press(resident, '提交')
    await resident.getByText('已经收到您的反映').waitFor()
    await press(resident, '查看办理进度')
    await resident.getByText('您反映了情况，已受理登记').waitFor()

    // The manager sees why it went where it went and what everybody has on the table, and gives it to another member.
    await logIn(manager, 'demo-manager')
    await manager.getByRole('link', { name: '在办' }).click()
    await manager.getByRole('link', { name: '菜场后门的污水井' }).click()
    await manager.getByText('为什么这样派件').waitFor()
    await press(manager, '改派')
    await manager.getByText('手上').first().waitFor()
    await manager.getByText('请假').first().waitFor()
    const mine = manager.getByRole('radio', { name: '林知远委员' })
    if (await mine.getAttribute('aria-disabled') !== 'true') {
      await mine.click()
      await field(manager, '为什么这样安排').fill('林委员熟悉菜场一带')
      await manager.getByRole('button', { name: '改派' }).click()
    } else await press(manager, '以后再说')

    await logIn(member, 'demo-member')
    await member.getByRole('link', { name: '菜场后门的污水井' }).click()
    await press(member, '接件')
    await member.getByRole('button', { name: '答复群众' }).waitFor()

    await manager.getByText('办理过程').waitFor()
    await manager.reload()
    await press(manager, '转办承办单位')
    await press(manager, '转办')
    await manager.getByText('请选择承办单位').waitFor()
    await manager.getByRole('radio', { name: '城管局' }).click()
    await field(manager, '请承办单位办什么').fill('请到现场疏通污水井。')
    await press(manager, '转办')
    await manager.getByText('转办中').first().waitFor()

    await logIn(officer, 'demo-officer')
    await officer.getByRole('link', { name: '菜场后门的污水井' }).click()
    await officer.getByText('请到现场疏通污水井').waitFor()
    await press(officer, '回复委员')
    await field(officer, '办理情况').fill('已经疏通，换了井盖。')
    await officer.getByRole('button', { name: '回复', exact: true }).click()
    await officer.getByRole('tab', { name: '待回复' }).waitFor()
    await officer.getByText('菜场后门的污水井').first().waitFor({ state: 'detached' })

    await member.reload()
    await member.getByText('已经疏通，换了井盖').waitFor()
    await press(member, '答复群众')
    await field(member, '答复').fill('城管局今天已经疏通污水井并换了井盖，我到现场看过。')
    await member.getByRole('radio', { name: '到过现场' }).click()
    await press(member, '看一遍，准备送出')
    await member.getByRole('region', { name: '送出前看一遍' }).getByRole('button').first().click()
    await member.getByText('等群众确认').first().waitFor()

    await resident.reload()
    await press(resident, '已经解决，确认办结')
    await resident.getByRole('radio', { name: '5星' }).click()
    await press(resident, '确认办结')
    await resident.getByText('已办结').first().waitFor()
    assert.equal(await resident.getByText('请到现场疏通污水井').count(), 0, 'what staff ask each other is theirs')
  }))))
})

test('somebody at the counter gets a slip; by keyboard alone', async () => {
  await withBrowser({ width: 1280, height: 800 }, async ({ page }) => {
    const reach = async (name) => {
      for (let tries = 0; tries < 80; tries += 1) {
        await page.keyboard.press('Tab')
        const focused = await page.evaluate(() => document.activeElement === document.body ? '' : document.activeElement?.getAttribute('aria-label') || document.activeElement?.textContent || '')
        if (focused.includes(name)) return
      }
      throw new Error(`the keyboard does not reach ${name}`)
    }
    await page.goto(`${service.url}/m/#/pages/me/login`)
    await field(page, '登录名').waitFor()
    await reach('登录名')
    await page.keyboard.type('demo-manager')
    await reach('密码')
    await page.keyboard.type(service.password)
    assert.deepEqual([await field(page, '登录名').inputValue(), await field(page, '密码').inputValue()], ['demo-manager', service.password])
    await reach('登录')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: '代群众登记' }).waitFor()
    await reach('代群众登记')
    await page.keyboard.press('Enter')
    await field(page, '反映什么事').waitFor()
    await reach('反映什么事')
    await page.keyboard.type('公厕的灯坏了。')
    await reach('登记')
    await page.keyboard.press('Space')
    await page.getByText('已经登记').waitFor()
    await page.locator('img[src^="data:image/png"]').first().waitFor({ state: 'attached' })
    const paper = page.waitForEvent('popup')
    await reach('打印凭条')
    await page.keyboard.press('Enter')
    await (await paper).getByText('受理凭条').first().waitFor()
    await (await paper).close()
    await reach('看这件')
    await page.keyboard.press('Enter')
    await page.getByText('公厕的灯坏了。').first().waitFor()
    await reach('更多操作')
    await page.keyboard.press('Enter')
    await reach('写备注')
    await page.keyboard.press('Enter')
    await field(page, '备注').waitFor()
    await reach('备注')
    await page.keyboard.type('老人不会用手机。')
    await reach('保存备注')
    await page.keyboard.press('Enter')
    await page.getByText('老人不会用手机。').first().waitFor()
  })
})

test('an invitation gives an account another desk, and the way between them is plain', async () => {
  const admin = await service.logIn('demo-admin')
  const department = (await service.ask('GET', '/departments', { token: admin })).items.find((one) => one.name.includes('住建局'))
  const { code } = await service.ask('POST', '/invitations', { token: admin, body: { role: 'department_officer', scope_id: department.id } })
  await withBrowser({}, async ({ page }) => {
    await logIn(page, 'demo-officer')
    await page.getByRole('tab', { name: '待回复' }).waitFor()
    await page.goto(`${service.url}/m/#/pages/me/bind`)
    await field(page, '邀请码').fill('no-such-code')
    await press(page, '绑定')
    await page.getByText('邀请码无效或已过期').waitFor()
    await field(page, '邀请码').fill(code)
    await press(page, '绑定')
    await page.getByText('您现在以什么身份办事').waitFor()
    await page.getByRole('link', { name: '住建局' }).click()
    await page.getByRole('heading', { name: '住建局' }).waitFor()
    await page.getByRole('link', { name: '换一个身份' }).first().click()
    await page.getByRole('link', { name: '城管局' }).last().waitFor()
    await press(page, '退出登录')
    await page.getByText('有事找委员').waitFor()
    assert.equal(await page.evaluate(() => localStorage.getItem('session')), null)
  })
})

test('two tabs answer the same case: the second is told what the first has said, and keeps its words', async () => {
  await makeTemplate(service)
  const made = await caseOfMember(service, '楼下的路灯坏了，晚上看不清台阶。', false)
  await withBrowser({}, async ({ page, context }) => {
    await page.goto(`${service.url}/m/#/pages/me/login`)
    await field(page, '登录名').fill('demo-member')
    await field(page, '密码').fill('wrong-password')
    await press(page, '登录')
    await page.getByText('用户名、密码或动态口令不正确').waitFor()
    await field(page, '密码').fill(service.password)
    await press(page, '登录')
    await page.getByRole('tab', { name: '待办' }).waitFor()
    await page.getByRole('link', { name: '楼下的路灯坏了' }).click()
    await press(page, '接件')
    await press(page, '答复群众')
    await field(page, '答复').fill('先写一句。')
    await page.getByText('草稿已保存').waitFor()

    // The other tab finds the draft, takes a template behind it, and can't send it with open fields.
    const other = await context.newPage()
    await other.goto(`${service.url}/m/#/staff/case?id=${made.id}`)
    await press(other, '答复群众')
    await other.getByText('草稿已保存').waitFor()
    assert.equal(await field(other, '答复').inputValue(), '先写一句。')
    await press(other, '用答复模板')
    await press(other, '维修类')
    await other.getByRole('radio', { name: '到过现场' }).click()
    await press(other, '看一遍，准备送出')
    await other.getByText('还有2处没有填写：单位、日期').waitFor()
    await field(other, '填写：单位').fill('供电所')
    await press(other, '填入单位')
    await field(other, '填写：日期').fill('周五')
    await press(other, '填入日期')
    await press(other, '看一遍，准备送出')
    await other.getByText('送出前看一遍').waitFor()
    await press(other, '送出')
    await other.getByText('已联系供电所到现场，预计周五前修好').first().waitFor()

    // The first one is told, in the service's words, and sends nothing over it.
    await field(page, '答复').fill('我另写了一份答复，明天到现场。')
    await page.getByRole('radio', { name: '说明情况' }).click()
    await press(page, '看一遍，准备送出')
    await press(page, '送出')
    await page.getByText('内容已被他人更新').first().waitFor()
    await page.getByText('已经答复：先写一句。').waitFor()
    assert.equal(await field(page, '答复').inputValue(), '我另写了一份答复，明天到现场。')
    await press(page, '看看最新情况')
    await page.getByText('等群众确认').first().waitFor()
    const { responses } = await service.ask('GET', `/cases/${made.id}`, { ticket: made.case_ticket })
    assert.equal(responses.length, 1)
  })
})

/** What is wrong with pages in large text on a small phone, for whom they are read to, or with where they call. */
async function faultsOf(login, pages) {
  const found = []
  await withBrowser({ width: 320, height: 640 }, async ({ page }) => {
    await page.goto(`${service.url}/m/`)
    await page.evaluate((kept) => {
      for (const [place, data] of Object.entries(kept)) localStorage.setItem(place, JSON.stringify({ type: typeof data, data }))
    }, { large: true, consent: 1, ...(login ? await deskOf(service, login) : {}) })
    for (const url of pages) {
      await page.goto(`${service.url}/m/#/${url}`)
      await page.reload()
      await page.waitForLoadState('networkidle')
      await page.locator('.page.large').first().waitFor()
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) found.push(`${url}: ${wide} px too wide`)
      // As the driver's own code, which the pages' policy does not concern.
      await page.evaluate(AXE)
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
      for (const fault of violations.filter((one) => one.impact === 'serious' || one.impact === 'critical')) found.push(`${url}: ${fault.id}: ${fault.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`)
    }
  })
  return found
}

test('no page of staff is too wide for a small phone in large text, none has a serious fault for whom it is read to', async () => {
  const answered = await service.ask('POST', '/cases', { body: { code: service.token, text: '路口的红绿灯不亮了。' } })
  await answer(service, answered.id, '信号灯已经修复。')
  const pages = Object.values(await staffPages(service, answered)).map((page) => (typeof page === 'string' ? { hash: page, as: '' } : page))
  const found = []
  for (const login of new Set(pages.map((page) => page.as))) found.push(...await faultsOf(login, pages.filter((page) => page.as === login).map((page) => page.hash)))
  assert.deepEqual(found, [])
})
