// Days and hours in plain words. Everything happens in Shanghai, whatever the phone's clock is set to.

const SHANGHAI_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

function there(at: string | number): Date {
  return new Date((typeof at === 'number' ? at : Date.parse(at)) + SHANGHAI_MS)
}

/** The number of the day in Shanghai, for counting. */
function dayNumber(at: string | number): number {
  return Math.floor(there(at).getTime() / DAY_MS)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** 14:30 */
export function clock(at: string): string {
  const time = there(at)
  return `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`
}

/** 今天, 明天, 昨天, 11月30日（周一）, 2027年1月3日 */
export function day(at: string, now: number): string {
  const away = dayNumber(at) - dayNumber(now)
  if (away === 0) return '今天'
  if (away === 1) return '明天'
  if (away === -1) return '昨天'
  const time = there(at)
  const date = `${time.getUTCMonth() + 1}月${time.getUTCDate()}日`
  if (time.getUTCFullYear() !== there(now).getUTCFullYear()) return `${time.getUTCFullYear()}年${date}`
  return `${date}（${WEEKDAYS[time.getUTCDay()]}）`
}

/** 今天 14:30 */
export function moment(at: string, now: number): string {
  return `${day(at, now)} ${clock(at)}`
}

/** 明天 09:00 至 11:30 */
export function span(from: string, until: string, now: number): string {
  const sameDay = dayNumber(from) === dayNumber(until)
  return `${moment(from, now)} 至 ${sameDay ? clock(until) : moment(until, now)}`
}

/** How far away a last day is: 还有3天, 就在今天, 已超过2天. */
export function daysLeft(at: string, now: number): string {
  const away = dayNumber(at) - dayNumber(now)
  if (Date.parse(at) < now) return away === 0 ? '今天刚过期' : `已超过${-away}天`
  return away === 0 ? '就在今天' : `还有${away}天`
}

/** The date in Shanghai, as fields of forms and the service write it: 2026-11-30. */
export function dateOf(at: string | number, daysLater = 0): string {
  const time = new Date(there(at).getTime() + daysLater * DAY_MS)
  return `${time.getUTCFullYear()}-${two(time.getUTCMonth() + 1)}-${two(time.getUTCDate())}`
}

/** A date and an hour in Shanghai as a moment of the service's. */
export function momentOf(date: string, time: string): string {
  return new Date(Date.parse(`${date}T${time}:00Z`) - SHANGHAI_MS).toISOString()
}
