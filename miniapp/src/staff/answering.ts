// Words of an answer before they are sent: which fields of a template nobody has filled in. Pure.

/** As the service reads them: `{{名称}}` and `【…】`. */
const FIELD = /\{\{([^{}]*)\}\}|【([^【】]*)】/g

export interface Unfilled { mark: string; name: string }

/** The fields that are still open, each once, in their order. */
export function unfilledIn(text: string): Unfilled[] {
  const found = new Map<string, string>()
  for (const [mark, braces, brackets] of text.matchAll(FIELD)) found.set(mark, (braces ?? brackets ?? '').trim())
  return [...found].map(([mark, name]) => ({ mark, name: name || '空白处' }))
}

/** Puts words in the place of a field, wherever it stands. */
export function fillIn(text: string, mark: string, words: string): string {
  return text.split(mark).join(words.trim())
}

/** A template behind what is written already, never in its place. */
export function withTemplate(text: string, body: string): string {
  return text.trim() ? `${text.trimEnd()}\n${body}` : body
}
