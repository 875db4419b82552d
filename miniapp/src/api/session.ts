// Who is logged in on this phone. In WeChat that is silent (wx.login); in a browser staff log in by password, and
// residents have no account: they follow their cases by ticket.
import { serverAddress } from '@/server'
import { createClient } from './client'
import { Refused } from './problem'
import { send } from './transport'
import type { Session } from './types'

const PLACE = 'session'
/** Renewed this long before its end, so that a slow call does not outlive it. */
const MARGIN_MS = 30_000

interface Kept { session: Session; until: number }

// Without a token: these calls are what makes one.
const bare = createClient(send, serverAddress, () => null)
const own = createClient(send, serverAddress, accessToken)
let kept: Kept | null = read()
let renewing: Promise<void> | null = null

function read(): Kept | null {
  const stored: unknown = uni.getStorageSync(PLACE)
  return stored && typeof stored === 'object' && 'session' in stored ? (stored as Kept) : null
}

function keep(session: Session): void {
  kept = { session, until: Date.now() + session.expires_in * 1000 }
  uni.setStorageSync(PLACE, kept)
}

/** The login as it is now. Another tab of the browser may have renewed or ended it. */
function current(): Kept | null {
  // #ifdef H5
  kept = read()
  // #endif
  return kept
}

/** One tab after the other: a refresh token is good once, and a second use of it ends the whole login. */
async function alone(work: () => Promise<void>): Promise<void> {
  // #ifdef H5
  // Browsers have locks on secure addresses only.
  if (navigator.locks) return navigator.locks.request(PLACE, work)
  // #endif
  return work()
}

export function accessToken(): string | null {
  return current()?.session.access_token ?? null
}

export function isLoggedIn(): boolean {
  return current() !== null
}

/** Whether this build can log a resident in by itself. */
export function canLogIn(): boolean {
  let can = false
  // #ifdef MP-WEIXIN
  can = true
  // #endif
  return can
}

/** Ends the login on this phone; the service is told by who calls this. */
export function forgetSession(): void {
  kept = null
  uni.removeStorageSync(PLACE)
}

function loginCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.login({
      provider: 'weixin',
      success: (result) => resolve(result.code),
      fail: (failure) => reject(new Refused(401, { code: 'wechat_code_invalid', detail: '微信登录没有成功，请重新进入小程序。', instance: failure.errMsg }))
    })
  })
}

function appid(): string | undefined {
  let id: string | undefined
  // #ifdef MP-WEIXIN
  id = uni.getAccountInfoSync?.()?.miniProgram?.appId
  // #endif
  return id && /^wx[0-9a-f]{16}$/.test(id) ? id : undefined
}

async function logIn(): Promise<void> {
  const body: { js_code: string; appid?: string } = { js_code: await loginCode() }
  const id = appid()
  if (id) body.appid = id
  keep(await bare('post', '/api/v1/sessions/wechat', { body }))
}

/** Logs staff in by name and password; `totp` is the second factor, empty where there is none. */
export async function logInByPassword(login: string, password: string, totp: string): Promise<void> {
  keep(await bare('post', '/api/v1/sessions/password', { body: { login, password, ...(totp && { totp }) } }))
}

/** Ends this login, at the service too. */
export async function logOut(): Promise<void> {
  try {
    if (isLoggedIn()) await own('delete', '/api/v1/sessions/current')
  } catch (error) {
    // It has ended already.
    if (!(error instanceof Refused) || error.status !== 401) throw error
  }
  forgetSession()
}

/** `stale` is the access token that is good no more. */
async function renew(stale: string | undefined): Promise<void> {
  const now = current()
  if (now && now.session.access_token !== stale) return
  if (now) {
    try {
      keep(await bare('post', '/api/v1/sessions/refresh', { body: { refresh_token: now.session.refresh_token } }))
      return
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error
      forgetSession()
    }
  }
  if (canLogIn()) await logIn()
}

/** A new access token; all who need one at the same time share one call. */
export function renewSession(): Promise<void> {
  const stale = kept?.session.access_token
  renewing ??= alone(() => renew(stale)).finally(() => { renewing = null })
  return renewing
}

/** Sees to it that somebody is logged in where that is possible. Only after the consent. */
export async function ensureSession(): Promise<void> {
  const now = current()
  if (now ? now.until - MARGIN_MS < Date.now() : canLogIn()) await renewSession()
}
