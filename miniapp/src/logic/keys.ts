// Keys by which the service knows a repetition. Nobody guesses them, and nobody gains by it.

/** 32 characters that no other call has. */
export function newKey(): string {
  const bytes = new Uint8Array(16)
  if (typeof crypto !== 'undefined' && crypto.getRandomValues) crypto.getRandomValues(bytes)
  // The mini-program has no synchronous source; there the keys belong to an account.
  else for (let place = 0; place < bytes.length; place += 1) bytes[place] = Math.floor(Math.random() * 256)
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** One key for one set of words: the same words again are a repetition, changed words are another intention. */
export function keyring(): (words: unknown) => string {
  let last = { words: '', key: '' }
  return (words) => {
    const written = JSON.stringify(words)
    if (written !== last.words) last = { words: written, key: newKey() }
    return last.key
  }
}
