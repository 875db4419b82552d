// Browsers only: what a mini-program's own frame does for people who use keys or have pages read to them, and the
// framework's imitation of it does not.

const PRESSED = '[role="button"], [role="link"], [role="radio"], [role="switch"], [role="checkbox"], [role="tab"]'

/** What looks like a button and isn't a <button> obeys Enter and the space bar, too. */
export function pressByKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    const target = event.target
    if (!(target instanceof HTMLElement) || !target.matches(PRESSED)) return
    event.preventDefault()
    target.click()
  })
}

function give(element: Element, names: Record<string, string>): void {
  for (const [name, value] of Object.entries(names)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value)
  }
}

/** Names for the framework's tabs, its way back, and the pictures in its boxes. */
function nameFrame(): void {
  for (const picture of document.querySelectorAll('uni-image')) {
    const inner = picture.querySelector('img')
    if (inner) give(inner, { alt: picture.getAttribute('alt') ?? '' })
  }
  for (const icon of document.querySelectorAll('.uni-tabbar img')) give(icon, { alt: '' })
  for (const tab of document.querySelectorAll('.uni-tabbar__item')) give(tab, { role: 'link', tabindex: '0' })
  for (const back of document.querySelectorAll('.uni-page-head-hd > .uni-page-head-btn')) give(back, { role: 'button', tabindex: '0', 'aria-label': '返回' })
}

/** Keeps the names where they belong while pages come and go. */
export function keepNamed(): void {
  let planned = false
  new MutationObserver(() => {
    if (planned) return
    planned = true
    requestAnimationFrame(() => { planned = false; nameFrame() })
  }).observe(document.body, { childList: true, subtree: true })
}
