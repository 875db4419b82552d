// Browsers only: what looks like a button and isn't a <button> obeys Enter and the space bar, too.

const PRESSED = '[role="button"], [role="link"], [role="radio"], [role="switch"], [role="checkbox"]'

/** Turns the keys of a keyboard into clicks, once for all pages. */
export function pressByKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    const target = event.target
    if (!(target instanceof HTMLElement) || !target.matches(PRESSED)) return
    event.preventDefault()
    target.click()
  })
}
