// One typed call for both builds: paths, parameters, bodies and answers come from the OpenAPI document.
// It knows neither WeChat nor browsers: how bytes travel is the transport's.
import type { paths } from './schema'
import { Refused, readProblem } from './problem'

/** What a transport is asked for, and what it brings back. It throws `NoAnswer` when there is none. */
export interface Asked { url: string; method: string; header: Record<string, string>; data?: unknown }
export interface Answered { status: number; data: unknown; header: Record<string, string> }
export type Transport = (asked: Asked) => Promise<Answered>

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Op<P extends keyof paths, M extends Method> = M extends keyof paths[P] ? paths[P][M] : never
export type PathsWith<M extends Method> = { [P in keyof paths]: paths[P] extends { [K in M]: object } ? P : never }[keyof paths]
type Json<T> = T extends { content: { 'application/json': infer J } } ? J : T extends { content?: never } ? undefined : never
type Ok<O> = O extends { responses: infer R } ? Json<R[keyof R & (200 | 201 | 202 | 204)]> : never
type Query<O> = O extends { parameters: { query?: infer Q } } ? Q : undefined
type Path<O> = O extends { parameters: { path: infer P } } ? P : undefined
type Body<O> = O extends { requestBody?: { content: { 'application/json': infer B } } } ? B : undefined
type Arg<K extends string, T> = [T] extends [undefined] ? { [k in K]?: undefined } : undefined extends T ? { [k in K]?: T } : { [k in K]: T }

/** Besides what the document names: the key of a call that must not be doubled, a case's ticket, and the version that the caller has seen. */
export interface Headers { key?: string; ticket?: string; version?: number }
export type Args<O> = Arg<'query', Query<O>> & Arg<'path', Path<O>> & Arg<'body', Body<O>> & Headers
type Rest<A> = {} extends A ? [args?: A] : [args: A]
export type Answer<M extends Method, P extends PathsWith<M>> = Ok<Op<P, M>>
export type Call = <M extends Method, P extends PathsWith<M>>(method: M, path: P, ...rest: Rest<Args<Op<P, M>>>) => Promise<Ok<Op<P, M>>>

interface AnyArgs extends Headers { query?: Record<string, unknown>; path?: Record<string, unknown>; body?: unknown }
const encode = encodeURIComponent

/** Puts path and query together; a list in a query is repeated. */
export function urlOf(path: string, args: Pick<AnyArgs, 'path' | 'query'>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encode(String(args.path?.[name])))
  const pairs: string[] = []
  for (const [name, value] of Object.entries(args.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') pairs.push(`${encode(name)}=${encode(String(one))}`)
    }
  }
  return pairs.length ? `${filled}?${pairs.join('&')}` : filled
}

/** A client over a transport; `token` gives the access token of whoever is logged in. */
export function createClient(send: Transport, base: () => string, token: () => string | null): Call {
  return async (method, path, ...rest) => {
    const args = (rest[0] ?? {}) as AnyArgs
    const header: Record<string, string> = {}
    if (args.body !== undefined) header['content-type'] = 'application/json'
    if (args.key) header['idempotency-key'] = args.key
    if (args.ticket) header['x-case-ticket'] = args.ticket
    if (args.version !== undefined) header['if-match'] = `"${args.version}"`
    const access = token()
    if (access) header.authorization = `Bearer ${access}`
    const url = base() + urlOf(path as string, args)
    const answer = await send({ url, method: method.toUpperCase(), header, data: args.body })
    if (answer.status >= 400) throw new Refused(answer.status, readProblem(answer.data), answer.header)
    return answer.data as never
  }
}
