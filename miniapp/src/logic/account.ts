// Who is here: asks the service for the roles of whoever is logged in, and sits down at a desk.
import { call } from '@/api'
import { canLogIn, ensureSession, isLoggedIn } from '@/api/session'
import { keepDesks, settings, sitAt } from '@/kept'
import { desksOf, homeOf, type Desk } from './desks'
import { goTo } from './ways'

export function openDesk(desk: Desk): void {
  sitAt(desk.id)
  goTo(homeOf(desk))
}

/** Whether the service can be asked who this is. */
export function isKnown(): boolean {
  return isLoggedIn() || (canLogIn() && settings.consent)
}

/** Asks the service who this is: roles come and go. */
export async function refreshDesks(): Promise<void> {
  await ensureSession()
  keepDesks(desksOf((await call('get', '/api/v1/me')).roles))
}
