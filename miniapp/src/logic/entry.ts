// What a scan brings: from whatever WeChat or a browser hands over to the token of a code or the ticket of a case.
// Everything here was printed by somebody; only what is ours in every part is taken.

/** 16 characters of Crockford's alphabet. Whether the service has issued it, only the service knows. */
const TOKEN = /^[0-9A-HJKMNP-TV-Z]{16}$/
const TICKET = /^[A-Za-z0-9_-]{16,128}$/
const NUMBER = /^\d{3}-?\d{4}-?\d{3}$/

export type Entry =
  | { kind: 'code'; token: string }
  | { kind: 'ticket'; number: string; ticket: string | null }
  | { kind: 'nothing' }
  | { kind: 'foreign' }

/** What `onLoad` gets: `q` (a link, encoded once), `scene` (a mini-program code), or `token` (our own pages). */
export interface EntryQuery { q?: string; scene?: string; token?: string }

/** A token in its canonical spelling, or nothing. */
export function readToken(raw: string): string | null {
  const token = raw.trim().toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1')
  return TOKEN.test(token) ? token : null
}

function decode(raw: string): string {
  try { return decodeURIComponent(raw) } catch { return raw }
}

/** Reads a printed link. `server` is the service's address with its path. */
export function readLink(link: string, server: string): Entry {
  const ours = /^https?:\/\/([^/?#]+)(\/[^?#]*)?$/i.exec(server)
  const parts = /^https?:\/\/([^/?#]+)(\/[^?#]*)?(\?[^#]*)?(#.*)?$/i.exec(link.trim())
  if (!parts || !ours || parts[1].toLowerCase() !== ours[1].toLowerCase()) return { kind: 'foreign' }
  const below = (ours[2] ?? '').replace(/\/+$/, '')
  const path = parts[2] ?? ''
  // Links may be printed in capitals throughout, for the smallest symbol.
  if (!path.toLowerCase().startsWith(`${below.toLowerCase()}/`)) return { kind: 'foreign' }
  const [folder, name, more] = path.slice(below.length + 1).split('/')
  if (more !== undefined || !name) return { kind: 'foreign' }
  if (folder.toLowerCase() === 'c') {
    const token = readToken(name)
    return token ? { kind: 'code', token } : { kind: 'foreign' }
  }
  if (folder === 't' && NUMBER.test(name)) {
    const ticket = (parts[4] ?? '').slice(1)
    return { kind: 'ticket', number: name.replace(/-/g, ''), ticket: TICKET.test(ticket) ? ticket : null }
  }
  return { kind: 'foreign' }
}

/** What a page was opened with. */
export function readEntry(query: EntryQuery, server: string): Entry {
  const { q, scene, token } = query
  if (q) {
    const link = decode(q)
    return readLink(/^https?:/i.test(link) ? link : decode(link), server)
  }
  const raw = scene ? decode(scene) : token
  if (!raw) return { kind: 'nothing' }
  const read = readToken(raw)
  return read ? { kind: 'code', token: read } : { kind: 'foreign' }
}

/** One scan is acted on once, however often WeChat brings the page to the front. */
export function scanId(query: Record<string, unknown> | undefined): string | null {
  const { q, scancode_time: at } = (query ?? {}) as { q?: string; scancode_time?: string }
  return q ? `${q}@${at ?? ''}` : null
}
