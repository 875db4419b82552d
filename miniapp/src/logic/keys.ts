// Keys by which the service knows a repetition. Nobody guesses them, and nobody gains by it.

/** 32 characters that no other call has. */
export function newKey(): string {
  const bytes = new Uint8Array(16)
  if (typeof crypto !== 'undefined' && crypto.getRandomValues) crypto.getRandomValues(bytes)
  // The mini-program has no synchronous source; there the keys belong to an account.
  else for (let place = 0; place < bytes.length; place += 1) bytes[place] = Math.floor(Math.random() * 256)
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
