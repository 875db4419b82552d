// What stays on this phone: settings, the station that was scanned last, tickets, drafts. Nothing of it is sent anywhere
// by itself.
import { reactive } from 'vue'
import type { Desk } from '@/logic/desks'
import { isWorthKeeping, type Draft } from '@/logic/draft'

/** A case that is followed by its ticket. */
export interface KeptTicket { id: string; number: string; ticket: string; station: string; excerpt: string; at: number }

export interface LastStation { token: string; name: string; at: number }

/** A new number asks everybody anew: what is done with personal data has changed. */
const CONSENT = 1
const MAX_TICKETS = 200

function read<T>(place: string, fallback: T): T {
  const stored: unknown = uni.getStorageSync(place)
  return stored === '' || stored === undefined || stored === null ? fallback : (stored as T)
}

/** What pages show at once when it changes. */
export const settings = reactive({
  large: read('large', false),
  consent: read('consent', 0) >= CONSENT,
  online: true
})

export function setLarge(large: boolean): void {
  settings.large = large
  uni.setStorageSync('large', large)
}

export function giveConsent(): void {
  settings.consent = true
  uni.setStorageSync('consent', CONSENT)
}

export function takeConsentBack(): void {
  settings.consent = false
  uni.removeStorageSync('consent')
}

export function lastStation(): LastStation | null {
  return read<LastStation | null>('last-station', null)
}

export function keepLastStation(station: LastStation): void {
  uni.setStorageSync('last-station', station)
}

export function tickets(): KeptTicket[] {
  return read<KeptTicket[]>('tickets', [])
}

export function keepTicket(ticket: KeptTicket): void {
  uni.setStorageSync('tickets', [ticket, ...tickets().filter((other) => other.id !== ticket.id)].slice(0, MAX_TICKETS))
}

export function ticketOf(caseId: string): string | undefined {
  return tickets().find((kept) => kept.id === caseId)?.ticket
}

export function forgetTicket(caseId: string): void {
  uni.setStorageSync('tickets', tickets().filter((kept) => kept.id !== caseId))
}

/** The one draft. A phone has one hand that writes. */
export function draft(): Draft | null {
  return read<Draft | null>('draft', null)
}

export function keepDraft(kept: Draft | null): void {
  if (kept && isWorthKeeping(kept)) uni.setStorageSync('draft', kept)
  else uni.removeStorageSync('draft')
}

/** The desks of whoever is logged in, and at which of them somebody sits. */
export const work = reactive({ desks: read<Desk[]>('desks', []), at: read('desk', '') })

export function keepDesks(desks: Desk[]): void {
  work.desks = desks
  uni.setStorageSync('desks', desks)
  if (!desks.some((desk) => desk.id === work.at)) sitAt(desks[0]?.id ?? '')
}

export function sitAt(id: string): void {
  work.at = id
  uni.setStorageSync('desk', id)
}

export function forgetDesks(): void {
  Object.assign(work, { desks: [], at: '' })
  for (const place of ['desks', 'desk']) uni.removeStorageSync(place)
}

/** Everything that this phone knows of somebody. Large text stays: it is about the phone. */
export function forgetEverything(): void {
  for (const place of ['tickets', 'draft', 'last-station', 'session', 'consent']) uni.removeStorageSync(place)
  forgetDesks()
  settings.consent = false
}
