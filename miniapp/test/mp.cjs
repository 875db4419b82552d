// Runs pages of the built mini-program under node: WeChat's own compiler of pages and its component engine
// (miniprogram-simulate) on jsdom. What a phone does beyond that is told to `wx`; calls go to the real service.
const fs = require('node:fs')
const path = require('node:path')
const { JSDOM } = require('jsdom')

const ROOT = path.resolve(__dirname, '../dist/build/mp-weixin')
/** For which service the tests' mini-program is built; see src/server.ts. */
const BUILT_FOR = 'https://service.invalid'

const dom = new JSDOM('<!doctype html><body></body>', { url: 'https://mp.test/', pretendToBeVisual: true })
globalThis.window = dom.window
for (const name of ['document', 'Node', 'Element', 'HTMLElement', 'Event', 'CustomEvent', 'MutationObserver']) globalThis[name] = dom.window[name]
globalThis.requestAnimationFrame = dom.window.requestAnimationFrame.bind(dom.window)
const simulate = require('miniprogram-simulate')
const exparser = require('miniprogram-exparser')

let route = null
const stack = []
const simComponent = globalThis.Component
globalThis.Page = (options) => simComponent(options)
// The framework registers pages as components; a page is one that knows its route.
globalThis.Component = (options) => {
  if (route && options.methods?.onLoad) {
    const own = route
    options.lifetimes ||= {}
    const { created } = options.lifetimes
    options.lifetimes.created = function () { this.route = this.__route__ = own; created?.call(this) }
  }
  return simComponent(options)
}
let app = null
globalThis.App = (options) => { app = options; options.globalData ||= {}; options.onLaunch?.({ path: route, query: {}, scene: 1011 }) }
globalThis.getApp = () => app
globalThis.getCurrentPages = () => stack

/** Every call of `wx`, in order: [name, options]. */
const calls = []
const stub = (name, result = {}) => {
  wx[name] = (options = {}) => {
    calls.push([name, options])
    const value = typeof result === 'function' ? result(options) : result
    queueMicrotask(async () => { const settled = await value; options.success?.(settled); options.complete?.(settled) })
  }
}
const QUIET = ['showToast', 'showModal', 'hideToast', 'navigateTo', 'switchTab', 'redirectTo', 'reLaunch', 'navigateBack', 'setNavigationBarTitle', 'stopPullDownRefresh',
  'pageScrollTo', 'setClipboardData', 'removeSavedFile', 'previewImage', 'saveImageToPhotosAlbum', 'makePhoneCall']
for (const name of QUIET) stub(name)
stub('getNetworkType', { networkType: 'wifi' })
stub('saveFile', (options) => ({ savedFilePath: options.tempFilePath }))
stub('getSavedFileList', { fileList: [] })
stub('downloadFile', { statusCode: 200, tempFilePath: 'wxfile://tmp/picture.jpg' })
let networkListener = () => undefined
wx.onNetworkStatusChange = (listener) => { networkListener = listener }
wx.getAccountInfoSync = () => ({ miniProgram: { appId: 'touristappid' } })
wx.arrayBufferToBase64 = (buffer) => Buffer.from(buffer).toString('base64')
wx.env = { USER_DATA_PATH: 'wxfile://usr' }
const kept = new Map()
Object.assign(wx, {
  setStorageSync: (place, value) => kept.set(place, JSON.stringify(value)),
  getStorageSync: (place) => (kept.has(place) ? JSON.parse(kept.get(place)) : ''),
  removeStorageSync: (place) => kept.delete(place)
})

/** Calls go to the service at `url`; `fails(call)` may name one that gets no answer, before or after its work. */
function connect(url, fails = () => null) {
  const target = (address) => {
    if (!address.startsWith(`${BUILT_FOR}/`)) throw new Error(`a call to another host: ${address}`)
    return url + address.slice(BUILT_FOR.length)
  }
  const answer = async (options, init) => {
    const cut = fails(options)
    if (cut === 'before') throw new Error('request:fail')
    const response = await fetch(target(options.url), init)
    const bytes = await response.arrayBuffer()
    if (cut === 'after') throw new Error('request:fail')
    return { statusCode: response.status, header: Object.fromEntries(response.headers), bytes }
  }
  const settle = (work, options, shape) => {
    work.then((result) => { const shown = shape(result); options.success?.(shown); options.complete?.(shown) }, (error) => { const shown = { errMsg: error.message }; options.fail?.(shown); options.complete?.(shown) })
  }
  const text = (result) => Buffer.from(result.bytes).toString('utf8')
  wx.request = (options) => {
    calls.push(['request', options])
    const body = options.data === undefined || options.method === 'GET' ? undefined : JSON.stringify(options.data)
    settle(answer(options, { method: options.method ?? 'GET', headers: options.header, body }), options, (result) => {
      let data = options.responseType === 'arraybuffer' ? result.bytes : text(result)
      if (typeof data === 'string') { try { data = JSON.parse(data) } catch { /* as in WeChat: what is no JSON stays a text */ } }
      return { statusCode: result.statusCode, header: result.header, data }
    })
    return { abort() {} }
  }
  wx.uploadFile = (options) => {
    calls.push(['uploadFile', options])
    const form = new FormData()
    form.append(options.name, new Blob([fs.readFileSync(options.filePath)]), 'photo.png')
    settle(answer(options, { method: 'POST', headers: options.header, body: form }), options, (result) => ({ statusCode: result.statusCode, data: text(result) }))
    return { abort() {}, onProgressUpdate() {} }
  }
}

/** Lets everything happen that is on its way, until `check` holds. */
async function settled(what, check, seconds = 90) {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const found = check()
    if (found) return found
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function openPage(url) {
  const [name, query = ''] = url.replace(/^\//, '').split('?')
  route = name
  if (!app) require(path.join(ROOT, 'app.js'))
  const component = simulate.render(simulate.load(path.join(ROOT, name), { rootPath: ROOT, compiler: 'official' }))
  stack.push(component.instance)
  component.attach(document.body.appendChild(document.createElement('div')))
  // WeChat hands over what stands in the address as it is.
  component.instance.onLoad(Object.fromEntries(query.split('&').filter(Boolean).map((pair) => pair.split('=')).map(([key, value]) => [key, value ?? ''])))
  component.instance.onShow?.()
  const text = () => component.dom.textContent.replace(/\s+/g, ' ')
  const find = (words) => [...component.dom.querySelectorAll('*')].filter((element) => element.textContent.includes(words)).pop()
  const fire = async (element, type, detail = {}) => {
    const originalEvent = new dom.window.CustomEvent(type, { detail })
    exparser.Event.dispatchEvent(element.__wxElement, exparser.Event.create(type, detail, { originalEvent, bubbles: true, capturePhase: true, composed: true, extraFields: { touches: {}, changedTouches: {} } }))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    text,
    shows: (words) => settled(`"${words}" on ${name}, which shows: ${text().slice(0, 300)}`, () => text().includes(words)),
    press: async (words) => fire(await settled(`"${words}" on ${name}, which shows: ${text().slice(0, 300)}`, () => find(words)), 'tap'),
    type: async (tag, words) => fire(await settled(`${tag} on ${name}`, () => component.dom.querySelector(tag)), 'input', { value: words }),
    close: () => { component.instance.onUnload?.(); stack.splice(stack.indexOf(component.instance), 1); component.detach() }
  }
}

/** The next time that the program opens another page, as its address. */
function opened(name) {
  const before = calls.length
  return () => calls.slice(before).find(([called]) => called === name)?.[1].url
}

module.exports = { BUILT_FOR, ROOT, calls, connect, kept, openPage, opened, settled, stub, app: () => app, network: (isConnected) => networkListener({ isConnected, networkType: isConnected ? 'wifi' : 'none' }) }
