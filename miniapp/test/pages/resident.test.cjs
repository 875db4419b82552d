// The built mini-program itself, against the real service: a resident's whole way.
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const test = require('node:test')
const { BUILT_FOR, ROOT, app, calls, connect, kept, openPage, opened, settled, stub } = require('../mp.cjs')
const { startService } = require('../service.cjs')
const { answer } = require('../staff.cjs')

const link = (token) => encodeURIComponent(`${BUILT_FOR}/c/${token}`)
let service
test.before(async () => {
  service = await startService()
  connect(service.url)
  stub('login', async () => ({ code: await service.jsCode('demo-resident') }))
})
test.after(async () => { await service.stop() })

test('a scanned poster shows its station, by link and by mini-program code', async () => {
  for (const query of [`q=${link(service.token)}&scancode_time=1`, `scene=${service.token}`]) {
    const page = await openPage(`pages/scan/index?${query}`)
    await page.shows('青禾街道委员工作站')
    await page.shows('我要反映')
    page.close()
  }
})

test('the link of another host is not followed', async () => {
  const before = calls.length
  const page = await openPage(`pages/scan/index?q=${encodeURIComponent(`https://evil.example/c/${service.token}`)}`)
  await page.shows('这不是委员工作站的二维码')
  assert.equal(calls.slice(before).filter(([name]) => name === 'request').length, 0)
  page.close()
})

test('a code that was never issued is told in the words of the service', async () => {
  const page = await openPage('pages/scan/index?scene=A000000000000000')
  await page.shows('没有找到这个二维码')
  await page.shows('回首页')
  page.close()
})

test('a scan that wakes the sleeping program opens its page, once', async () => {
  const woken = { path: 'pages/home/index', query: { q: link(service.token), scancode_time: '2' }, scene: 1011 }
  const to = opened('reLaunch')
  app().onShow(woken)
  assert.match(await settled('the page of the scan', to), /^\/pages\/scan\/index\?q=/)
  const again = opened('reLaunch')
  app().onShow(woken)
  assert.equal(again(), undefined)
})

test('a report: consent, words, photo, lost answer, one case; then the answer and the confirmation', async () => {
  const photo = path.join(service.folder, 'photo.png')
  const picture = await fetch(`${service.url}/api/v1/codes/${service.token}/qr.png?size=256`)
  fs.writeFileSync(photo, Buffer.from(await picture.arrayBuffer()))
  stub('chooseImage', { tempFilePaths: [photo], tempFiles: [{ path: photo, size: 1 }] })

  const page = await openPage(`pages/report/index?code=${service.token}&station=${encodeURIComponent('青禾街道委员工作站')}`)
  await page.shows('您的信息怎么用')
  assert.equal(calls.some(([name]) => name === 'login'), false, 'nobody is logged in before the consent')
  await page.press('同意，继续')
  await page.press('下一步：照片')
  await page.shows('请先写下您要反映的事情')
  await page.type('wx-textarea', '楼道灯坏了，老人上下楼很危险。')
  await page.press('下一步：照片')
  await page.press('添加照片')
  await page.shows('已上传')
  await page.press('下一步')
  await page.shows('匿名反映')

  let lost = false
  connect(service.url, (options) => (!lost && options.url.endsWith('/api/v1/cases') && options.method === 'POST' ? ((lost = true), 'after') : null))
  await page.press('提交')
  await page.shows('已经发出，还没有收到回音')
  const to = opened('redirectTo')
  await page.press('再发一次')
  const receipt = await settled('the receipt', to)
  page.close()
  const sent = calls.filter(([name, options]) => name === 'request' && options.method === 'POST' && options.url.endsWith('/api/v1/cases')).map(([, options]) => options)
  assert.equal(sent.length, 2)
  assert.equal(sent[0].header['idempotency-key'], sent[1].header['idempotency-key'])
  assert.ok(sent[0].header.authorization, 'it belongs to the account')
  const id = new URLSearchParams(receipt.split('?')[1]).get('id')
  const found = await service.ask('GET', `/cases/${id}`, { ticket: JSON.parse(kept.get('tickets'))[0].ticket })
  assert.equal(found.uploads.length, 1)
  assert.equal(kept.has('draft'), false)

  const slip = await openPage(receipt)
  await slip.shows('已经收到您的反映')
  await slip.shows('把凭证存成图片')
  stub('requestSubscribeMessage', (options) => Object.fromEntries(options.tmplIds.map((template) => [template, 'accept'])))
  await slip.press('有进展时微信告诉我')
  await slip.shows('有进展会在微信里告诉您')
  assert.ok(calls.filter(([name]) => name === 'requestSubscribeMessage').at(-1)[1].tmplIds.length <= 3)
  slip.close()

  const list = await openPage('pages/case/list')
  await list.shows('楼道灯坏了')
  list.close()

  await answer(service, id, '灯已经换好，今晚去看过了。')
  const detail = await openPage(`pages/case/detail?id=${id}`)
  await detail.shows('灯已经换好')
  await detail.shows('委员答复了您')
  await detail.press('已经解决，确认办结')
  detail.close()

  const act = await openPage(`pages/case/act?id=${id}&action=confirm`)
  await act.press('确认办结')
  await act.shows('请点一下星星')
  await act.press('☆')
  await act.press('确认办结')
  await settled('the end', () => calls.some(([name, options]) => name === 'showToast' && options.title === '谢谢您，已经办结'))
  act.close()
  const ended = await openPage(`pages/case/detail?id=${id}`)
  await ended.shows('已办结')
  assert.doesNotMatch(ended.text(), /提出异议/, 'what the service no longer offers is not shown')
  ended.close()
})

test('a place on a reception day is booked, and given back', async () => {
  const { station } = await service.ask('GET', `/codes/${service.token}`)
  const days = (await service.ask('GET', `/stations/${station.id}/reception-days`)).items
  const page = await openPage(`pages/reception/book?station=${station.id}&name=x`)
  await page.shows('接待日')
  if (!days.some((day) => day.slots)) throw new Error('the demo district has no reception day that can be booked')
  await page.press('选这一天')
  await page.press('还有')
  await page.press('预约')
  await page.shows('预约好了')
  page.close()
  const mine = await openPage('pages/reception/mine')
  stub('showModal', { confirm: true, cancel: false })
  await mine.press('来不了，取消预约')
  await mine.shows('已取消')
  mine.close()
})

test('members are found by pinyin', async () => {
  const page = await openPage('pages/members/list')
  await page.shows('林知远')
  await page.type('wx-input', 'yanwl')
  await settled('the found one alone', () => page.text().includes('严文澜') && !page.text().includes('林知远委员'))
  page.close()
})

test('one\'s own data can be exported and erased', async () => {
  let written = ''
  wx.getFileSystemManager = () => ({ writeFile: (options) => { written = options.data; options.success() } })
  stub('shareFileMessage')
  const page = await openPage('pages/me/data')
  await page.press('导出我的数据')
  await settled('the file', () => written)
  assert.ok(JSON.parse(written).cases.length > 0)
  stub('showModal', { confirm: true, cancel: false })
  await page.press('删除我的数据')
  await settled('the end', () => calls.some(([name, options]) => name === 'showToast' && options.title === '已经删除'))
  assert.deepEqual([kept.has('session'), kept.has('tickets')], [false, false])
  page.close()
})

test('large text reaches every page', async () => {
  const page = await openPage('pages/me/index')
  await page.press('关怀模式')
  assert.equal(kept.get('large'), 'true')
  await page.shows('已打开')
  page.close()
})

test('every page of the program compiles', () => {
  const { pages } = JSON.parse(fs.readFileSync(path.join(ROOT, 'app.json'), 'utf8'))
  for (const page of pages) assert.ok(fs.existsSync(path.join(ROOT, `${page}.wxml`)), page)
  assert.ok(pages.length >= 18)
})
