// The pages in a browser, against the real service: by ticket, without an account.
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const test = require('node:test')
const { openBrowser } = require('../browser.cjs')
const { startService, until } = require('../service.cjs')
const { answer } = require('../staff.cjs')

const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
let service
let photos
test.before(async () => {
  service = await startService()
  photos = await Promise.all([256, 320, 384].map(async (size) => {
    const file = path.join(service.folder, `photo-${size}.png`)
    fs.writeFileSync(file, Buffer.from(await (await fetch(`${service.url}/api/v1/codes/${service.token}/qr.png?size=${size}`)).arrayBuffer()))
    return file
  }))
})
test.after(async () => { await service.stop() })

const keptOn = (page, place) => page.evaluate((name) => JSON.parse(localStorage.getItem(name) ?? 'null')?.data ?? null, place)
const press = (page, name) => page.getByRole('button', { name, exact: false }).first().click()

async function countCases() {
  const token = await service.logIn('demo-manager')
  const { total } = await service.ask('GET', '/cases/filter-counts?view=station', { token })
  return total
}

async function withBrowser(options, work) {
  const browser = await openBrowser({ origin: service.url, ...options })
  try { await work(browser) } finally { await browser.close() }
  assert.deepEqual(browser.faults, [])
}

test('scan, report with three photos over a network that breaks twice, answer, confirmation: one case', async () => {
  await withBrowser({}, async ({ page }) => {
    const before = await countCases()
    await page.goto(`${service.url}/c/${service.token}`)
    await press(page, '我要反映')
    await press(page, '同意，继续')
    await page.locator('textarea').fill('小区门口的路面塌了一块，骑车的人容易摔倒。')
    await press(page, '下一步')

    // From the second photo on nothing gets through. (A browser repeats a call by itself, so one break is none.)
    let uploads = 0
    service.network.cut((request) => request.method === 'POST' && request.url.endsWith('/uploads') && (uploads += 1) >= 2)
    const choosing = page.waitForEvent('filechooser')
    await press(page, '添加照片')
    await (await choosing).setFiles(photos)
    await page.getByText('已上传').first().waitFor()
    await until('the break', () => uploads >= 2)

    // Somebody closes the page in despair: everything is still there.
    service.network.mend()
    await page.reload()
    await page.getByText('已找回上次没写完的内容').waitFor()
    assert.equal((await keptOn(page, 'draft')).photos.length, 3)
    await press(page, '下一步')

    // The report arrives, its answer is lost.
    let cut = 0
    service.network.cut(() => false, (request) => request.method === 'POST' && request.url.endsWith('/cases') && (cut += 1) > 0)
    await press(page, '提交')
    await page.getByText('已经发出，还没有收到回音').waitFor()
    service.network.mend()
    await press(page, '再发一次')
    await page.getByText('已经收到您的反映').waitFor()
    assert.ok(cut >= 1)
    assert.equal(await countCases(), before + 1)
    const [kept, ...more] = await keptOn(page, 'tickets')
    assert.equal(more.length, 0)
    assert.equal(await keptOn(page, 'draft'), null)
    assert.equal((await service.ask('GET', `/cases/${kept.id}`, { ticket: kept.ticket })).uploads.length, 3)
    await page.locator('img[src^="data:image/png"]').first().waitFor({ state: 'attached' })

    await answer(service, kept.id, '路面已经补好，我到现场看过。')
    await press(page, '查看办理进度')
    await page.getByText('路面已经补好').first().waitFor()
    await press(page, '已经解决，确认办结')
    await page.getByRole('radio', { name: '5星' }).click()
    await press(page, '确认办结')
    await page.getByText('已办结').first().waitFor()
    const ended = await service.ask('GET', `/cases/${kept.id}`, { ticket: kept.ticket })
    assert.deepEqual([ended.state, ended.outcome], ['closed', 'solved'])
  })
})

test('a slip leads to its case on another phone', async () => {
  const made = await service.ask('POST', '/cases', { body: { code: service.token, text: '公交站牌被树挡住了，看不见。' } })
  await withBrowser({}, async ({ page }) => {
    await page.goto(`${service.url}/m/#/pages/case/find`)
    await page.locator('input').nth(0).fill(made.number)
    await page.locator('input').nth(1).fill('wrong-ticket-wrong-ticket')
    await press(page, '查询')
    await page.getByText('没有查到这件').waitFor()
    await page.locator('input').nth(1).fill(`${service.url}/t/${made.number}#${made.case_ticket}`)
    await press(page, '查询')
    await page.getByText('公交站牌被树挡住了').first().waitFor()
  })
})

test('a revoked code leads to its replacement', async () => {
  const manager = await service.logIn('demo-manager')
  const { station } = await service.ask('GET', `/codes/${service.token}`)
  const code = await service.ask('POST', `/stations/${station.id}/codes`, { token: manager, body: {} })
  await service.ask('POST', `/codes/${code.token}/revoke`, { token: manager, body: { reason: '海报破损', replacement: service.token } })
  await withBrowser({}, async ({ page }) => {
    await page.goto(`${service.url}/c/${code.token}`)
    await page.getByText('这个二维码已停用').waitFor()
    await press(page, '打开新的二维码')
    await page.getByRole('button', { name: '我要反映' }).waitFor()
  })
})

test('a report by keyboard alone', async () => {
  await withBrowser({ width: 1280, height: 800 }, async ({ page }) => {
    const reach = async (name) => {
      for (let tries = 0; tries < 60; tries += 1) {
        await page.keyboard.press('Tab')
        const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') || document.activeElement?.textContent || '')
        if (focused.includes(name)) return
      }
      throw new Error(`the keyboard does not reach ${name}`)
    }
    await page.goto(`${service.url}/m/#/pages/scan/index?token=${service.token}`)
    await page.getByRole('button', { name: '我要反映' }).waitFor()
    await reach('我要反映')
    await page.keyboard.press('Enter')
    await page.getByText('您的信息怎么用').waitFor()
    await reach('同意，继续')
    await page.keyboard.press('Enter')
    await page.locator('textarea').waitFor()
    await reach('发生了什么事')
    await page.keyboard.type('广场的健身器材松了。')
    await reach('下一步')
    await page.keyboard.press('Space')
    await page.getByText('有照片吗').waitFor()
    await reach('下一步')
    await page.keyboard.press('Enter')
    await page.getByText('匿名反映').first().waitFor()
    await reach('提交')
    await page.keyboard.press('Enter')
    await page.getByText('已经收到您的反映').waitFor()
  })
})

test('no page is too wide for a small phone in large text, none has a serious fault for whom it is read to, none calls elsewhere', async () => {
  const { station } = await service.ask('GET', `/codes/${service.token}`)
  const [member] = (await service.ask('GET', '/members')).items
  const made = await service.ask('POST', '/cases', { body: { code: service.token, text: '路口的红绿灯不亮了。' } })
  await answer(service, made.id, '信号灯已经修复。')
  const pages = ['pages/home/index', `pages/scan/index?token=${service.token}`, `pages/report/index?code=${service.token}&station=x`, `pages/receipt/index?id=${made.id}&by=${made.respond_by}`,
    'pages/case/list', `pages/case/detail?id=${made.id}`, `pages/case/act?id=${made.id}&action=confirm`, `pages/case/act?id=${made.id}&action=contest`, 'pages/case/find', 'pages/members/list',
    `pages/members/show?id=${member.id}`, 'pages/stations/list', `pages/stations/show?id=${station.id}`, `pages/reception/book?station=${station.id}&name=x`, 'pages/me/index', 'pages/me/privacy', 'pages/me/data']
  const found = []
  await withBrowser({ width: 320, height: 640 }, async ({ page }) => {
    await page.goto(`${service.url}/m/`)
    await page.evaluate((ticket) => {
      const keep = (place, type, data) => localStorage.setItem(place, JSON.stringify({ type, data }))
      keep('large', 'boolean', true)
      keep('consent', 'number', 1)
      keep('tickets', 'object', [ticket])
    }, { id: made.id, number: made.number, ticket: made.case_ticket, station: 'x', excerpt: '路口的红绿灯不亮了。', at: Date.now() })
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
    // The framework's own calls home used to come three seconds after the start.
    await page.waitForTimeout(4000)
  })
  assert.deepEqual(found, [])
})
