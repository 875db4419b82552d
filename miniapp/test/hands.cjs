// What people do in a browser, for the tests of the pages.
const assert = require('node:assert/strict')
const { openBrowser } = require('./browser.cjs')
const { deskOf } = require('./staff.cjs')

const press = (page, name) => page.getByRole('button', { name, exact: false }).first().click()
const field = (page, name) => page.locator(`:is(input, textarea)[aria-label^="${name}"]`).last()

/** A phone for the time of some work, on which nothing may go wrong. */
async function withBrowser(service, options, work) {
  const browser = await openBrowser({ origin: service.url, ...options })
  try { await work(browser) } finally { await browser.close() }
  assert.deepEqual(browser.faults, [])
}

/** A page of somebody who has logged in before. */
async function sitDown(page, service, login, hash) {
  await page.goto(`${service.url}/m/`)
  await page.evaluate((kept) => {
    for (const [place, data] of Object.entries(kept)) localStorage.setItem(place, JSON.stringify({ type: typeof data, data }))
  }, { consent: 1, ...await deskOf(service, login) })
  await show(page, service, hash)
}

/** Another page of the same browser, as a link to it opens it. */
async function show(page, service, hash) {
  await page.goto('about:blank')
  await page.goto(`${service.url}/m/#/${hash}`)
}

module.exports = { field, press, show, sitDown, withBrowser }
