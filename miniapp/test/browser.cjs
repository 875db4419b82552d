// A phone with a browser: Chromium, which notes every call to another host and every error on the page.
const { chromium } = require('playwright-core')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium'

async function openBrowser({ width = 390, height = 844, origin }) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: PROGRAM, headless: true, viewport: { width, height }, deviceScaleFactor: 2, isMobile: width < 800, hasTouch: width < 800, locale: 'zh-CN',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  })
  const faults = []
  const watch = (page) => {
    page.on('request', (request) => { if (!/^(data|blob|about):/.test(request.url()) && !request.url().startsWith(origin)) faults.push(`foreign: ${request.url()}`) })
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
    page.on('console', (message) => { if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(`console: ${message.text()}`) })
  }
  context.on('page', watch)
  const page = context.pages()[0] ?? (await context.newPage())
  watch(page)
  // Machines that test are busy; nothing here is decided by time.
  context.setDefaultTimeout(90_000)
  return { context, page, faults, close: async () => { await context.close(); fs.rmSync(profile, { recursive: true, force: true }) } }
}

module.exports = { openBrowser }
