// The call that all pages use: typed, with the token of whoever is logged in, renewed once when it is over.
import { serverAddress } from '@/server'
import { createClient, type Call } from './client'
import { Refused } from './problem'
import { accessToken, isLoggedIn, renewSession } from './session'
import { send } from './transport'

const once = createClient(send, serverAddress, accessToken)
/** Refusals for which a new token is no remedy; trying a password twice would count twice. */
const FINAL: ReadonlySet<string> = new Set(['login_failed', 'account_disabled', 'wechat_code_invalid'])

export const call: Call = async (method, path, ...rest) => {
  try {
    return await once(method, path, ...rest)
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401 || FINAL.has(error.code) || !isLoggedIn()) throw error
    await renewSession()
    return once(method, path, ...rest)
  }
}
