// Ways from page to page, by name.

export function goHome(): void {
  uni.switchTab({ url: '/pages/home/index' })
}

export function goTo(url: string): void {
  uni.navigateTo({ url })
}

/** The card of a code, in place of the page that led there. */
export function openScan(token: string): void {
  uni.redirectTo({ url: `/pages/scan/index?token=${encodeURIComponent(token)}` })
}

/** A query for the address of one of our own pages; what is empty is left out. */
export function query(values: Record<string, string | undefined>): string {
  const pairs = Object.entries(values).filter((pair): pair is [string, string] => !!pair[1])
  return pairs.length ? `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}` : ''
}

/** What a page was opened with comes encoded in WeChat, and decoded in a browser. */
export function given(value: string | undefined): string {
  if (!value) return ''
  try { return decodeURIComponent(value) } catch { return value }
}

export function callPhone(number: string): void {
  uni.makePhoneCall({ phoneNumber: number, fail: () => undefined })
}

export function toast(title: string): void {
  uni.showToast({ title, icon: 'none', duration: 2500 })
}

/** Asks before something that can't be taken back. */
export function confirmed(title: string, content: string, yes: string): Promise<boolean> {
  return new Promise((resolve) => {
    uni.showModal({ title, content, confirmText: yes, confirmColor: '#b8231f', cancelText: '不了', success: (answer) => resolve(answer.confirm), fail: () => resolve(false) })
  })
}

/** To the page before, or to `otherwise` for who came here by a link: a browser would leave for whatever was open before. */
export function goBack(otherwise: string): void {
  if (getCurrentPages().length > 1) uni.navigateBack({ delta: 1 })
  else uni.redirectTo({ url: otherwise })
}
