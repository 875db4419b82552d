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
