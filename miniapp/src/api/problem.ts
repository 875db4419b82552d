// How a call can fail: the service refused it in its own words, or no answer came at all.

/** A field that can't be taken. */
export interface Fault { pointer: string; code: string; detail: string }

/** What the service says of a refusal (RFC 9457). */
export interface Problem {
  code: string
  detail: string
  instance?: string
  errors?: Fault[]
  replacement?: { token: string; url: string }
  state?: string
  /** With `version_conflict`: the case or the draft as it is now. */
  current?: unknown
  /** With `answer_unfilled`: the fields that nobody has filled in. */
  fields?: string[]
}

/** The service answered, and refused. */
export class Refused extends Error {
  readonly retryAfter: number | null

  constructor(readonly status: number, readonly problem: Problem | null, header: Record<string, string> = {}) {
    super(problem?.detail ?? `HTTP ${status}`)
    const wait = Object.entries(header).find(([name]) => name.toLowerCase() === 'retry-after')?.[1]
    this.retryAfter = wait && /^\d+$/.test(wait) ? Number(wait) : null
  }

  get code(): string {
    return this.problem?.code ?? ''
  }
}

/** No answer came. Whether the work was done is not known. */
export class NoAnswer extends Error {
  constructor(readonly why: 'offline' | 'timeout' | 'broken', detail: string) {
    super(detail)
  }
}

/** Reads a problem, or finds that something else than the service has answered. */
export function readProblem(body: unknown): Problem | null {
  let value = body
  if (typeof value === 'string') {
    try { value = JSON.parse(value) } catch { return null }
  }
  if (typeof value !== 'object' || value === null) return null
  const problem = value as Partial<Problem>
  return typeof problem.code === 'string' && typeof problem.detail === 'string' ? (problem as Problem) : null
}
