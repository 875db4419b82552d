// A member's calendar: the own shifts, what colleagues ask for, and absences. Names and hours of colleagues' shifts stand
// on the rosters of the stations that the member serves.
import { call } from '@/api'
import { ensureSession } from '@/api/session'
import type { AbsenceEntry, Handover, RosterShift, Shift } from '@/api/types'
import { dateOf } from '@/logic/times'

/** The service's longest page, and its longest roster in days. */
const MOST = 100
const AHEAD_DAYS = 61

export interface Schedule { shifts: Shift[]; asked: Handover[]; offered: Handover[]; absences: AbsenceEntry[]; roster: Map<string, RosterShift> }

/** The shifts of a station from today on. */
export async function rosterOf(station: string, now: number): Promise<RosterShift[]> {
  const page = await call('get', '/api/v1/stations/{id}/roster', { path: { id: station }, query: { from: dateOf(now), to: dateOf(now, AHEAD_DAYS), limit: MOST } })
  return page.items
}

export async function loadSchedule(member: string, now: number): Promise<Schedule> {
  await ensureSession()
  const path = { id: member }
  const [shifts, handovers, absences, page] = await Promise.all([
    call('get', '/api/v1/me/shifts', { query: { limit: MOST } }), call('get', '/api/v1/me/handovers', { query: { limit: MOST } }),
    call('get', '/api/v1/members/{id}/absences', { path, query: { limit: MOST } }), call('get', '/api/v1/members/{id}', { path })
  ])
  const rosters = await Promise.all(page.stations.map((station) => rosterOf(station.id, now)))
  const open = handovers.items.filter((one) => one.state === 'offered')
  return {
    shifts: shifts.items.filter((shift) => shift.member_id === member && !shift.cancelled_at),
    asked: open.filter((one) => one.to_member_id === member), offered: open.filter((one) => one.from_member_id === member),
    absences: absences.items, roster: new Map(rosters.flat().map((shift) => [shift.id, shift]))
  }
}
