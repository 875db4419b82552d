// Screenshots of every page, to be looked at: `npm run shots -- [FOLDER]`. Widths of small and usual phones, and a desktop.
const fs = require('node:fs')
const path = require('node:path')
const { startService } = require('./service.cjs')
const { openBrowser } = require('./browser.cjs')
const { answer, deskOf } = require('./staff.cjs')
const { staffPages } = require('./staff_pages.cjs')

const FOLDER = process.argv[2] ?? path.join(__dirname, '../shots')
const SIZES = (process.env.SIZES ?? '320x640,390x844,1280x800').split(',').map((size) => size.split('x').map(Number))

async function main() {
  const service = await startService()
  fs.mkdirSync(FOLDER, { recursive: true })
  try {
    const station = (await service.ask('GET', `/codes/${service.token}`)).station
    const member = (await service.ask('GET', '/members')).items[0]
    const made = await service.ask('POST', '/cases', { body: { code: service.token, text: '3 号楼前的路灯坏了两天了，晚上很黑，老人容易摔跤。' } })
    const answered = await service.ask('POST', '/cases', { body: { code: service.token, text: '小区东门的垃圾桶满了三天没有人清运，味道很大。' } })
    await answer(service, answered.id, '已和物业、环卫约定每天早晚各清运一次，今天上午到现场看过，桶已经清空。')
    const kept = [made, answered].map((one) => ({ id: one.id, number: one.number, ticket: one.case_ticket, station: station.name, excerpt: '3 号楼前的路灯坏了两天了', at: Date.now() }))
    const pages = {
      home: '', scan: `pages/scan/index?token=${service.token}`, revoked: 'pages/scan/index?token=A000000000000000',
      consent: `pages/report/index?code=${service.token}&station=${encodeURIComponent(station.name)}`,
      report: `pages/report/index?code=${service.token}&station=${encodeURIComponent(station.name)}`,
      receipt: `pages/receipt/index?id=${made.id}&by=${made.respond_by}&member=${encodeURIComponent(made.member?.name ?? '')}`,
      cases: 'pages/case/list', case: `pages/case/detail?id=${made.id}`, answered: `pages/case/detail?id=${answered.id}`,
      confirm: `pages/case/act?id=${answered.id}&action=confirm`, supplement: `pages/case/act?id=${made.id}&action=supplement`, find: 'pages/case/find',
      members: 'pages/members/list', member: `pages/members/show?id=${member.id}`, stations: 'pages/stations/list', station: `pages/stations/show?id=${station.id}`,
      book: `pages/reception/book?station=${station.id}&name=${encodeURIComponent(station.name)}`, me: 'pages/me/index', privacy: 'pages/me/privacy', data: 'pages/me/data'
    }
    const staff = await staffPages(service, answered)
    const wanted = process.env.PAGES?.split(',')
    for (const [width, height] of SIZES) {
      for (const large of process.env.LARGE === '0' ? [false] : [false, true]) {
        const browser = await openBrowser({ width, height, origin: service.url })
        await browser.page.goto(`${service.url}/m/`)
        const sessions = {}
        for (const [name, page] of Object.entries({ ...pages, ...staff })) {
          if (wanted && !wanted.includes(name)) continue
          const { hash, as = '' } = typeof page === 'string' ? { hash: page } : page
          if (as) sessions[as] ??= await deskOf(service, as)
          await browser.page.evaluate(([tickets, isLarge, consent, desk]) => {
            const keep = (place, value) => localStorage.setItem(place, JSON.stringify(typeof value === 'object' ? { type: 'object', data: value } : { type: typeof value, data: value }))
            for (const place of ['session', 'desks', 'desk']) localStorage.removeItem(place)
            keep('tickets', tickets); keep('large', isLarge); keep('consent', consent)
            for (const [place, value] of Object.entries(desk)) keep(place, value)
          }, [kept, large, name === 'consent' ? 0 : 1, sessions[as] ?? {}])
          await browser.page.goto(`${service.url}/m/#/${hash}`)
          await browser.page.reload()
          await browser.page.waitForLoadState('networkidle')
          await browser.page.waitForTimeout(400)
          const over = await browser.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          if (over > 0) console.log(`${name} ${width}${large ? ' large' : ''}: ${over} px too wide`)
          await browser.page.screenshot({ path: path.join(FOLDER, `${name}-${width}${large ? '-large' : ''}.png`), fullPage: true })
        }
        if (browser.faults.length) console.log(width, large, [...new Set(browser.faults)].join('\n'))
        await browser.close()
      }
    }
  } finally {
    await service.stop()
  }
}

main().catch((error) => { console.error(error); process.exitCode = 1 })
