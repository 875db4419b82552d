// Whom a manager can give a case to: each member of the station with what is on the table, what is known well, and absences.
import { call } from '@/api'
import type { AbsenceEntry, Case, MemberEntry } from '@/api/types'
import { day } from '@/logic/times'
import { OPEN_STATES, type Choice } from './choices'

/** The service's longest page. */
const MOST = 100

export interface Candidate { member: MemberEntry; open: number; knows: boolean; absences: AbsenceEntry[] }

/** The members of a station as candidates for a case, in the order in which they suit it. */
export async function candidatesFor(record: Case, station: string, now: number): Promise<Candidate[]> {
  const [members, counts, knowing] = await Promise.all([
    call('get', '/api/v1/members', { query: { station, limit: MOST } }),
    call('get', '/api/v1/cases/filter-counts', { query: { view: 'station', station, state: OPEN_STATES } }),
    record.category ? call('get', '/api/v1/members', { query: { station, category: record.category.id, limit: MOST } }) : { items: [] as MemberEntry[] }
  ])
  const loads = new Map(counts.members.map((one) => [one.id, one.total]))
  const known = new Set(knowing.items.map((member) => member.id))
  const absences = await Promise.all(members.items.map((member) => call('get', '/api/v1/members/{id}/absences', { path: { id: member.id }, query: { limit: MOST } })))
  const candidates = members.items.map((member, place) => ({ member, open: loads.get(member.id) ?? 0, knows: known.has(member.id), absences: absences[place]?.items ?? [] }))
  return inOrder(candidates, now)
}

/** The absence in which somebody is now. */
function awayNow(candidate: Candidate, now: number): AbsenceEntry | undefined {
  return candidate.absences.find((absence) => Date.parse(absence.starts_at) <= now && now < Date.parse(absence.ends_at))
}

/** Who is there before who is away, then who knows the matter, then who has least on the table. */
export function inOrder(candidates: Candidate[], now: number): Candidate[] {
  const away = (candidate: Candidate) => Number(awayNow(candidate, now) !== undefined)
  return [...candidates].sort((one, other) => away(one) - away(other) || Number(other.knows) - Number(one.knows) || one.open - other.open)
}

/** A candidate as a choice: what speaks for and against in words. */
export function choiceOf(candidate: Candidate, present: string | undefined, now: number): Choice {
  const away = awayNow(candidate, now)
  const later = candidate.absences.find((absence) => Date.parse(absence.starts_at) > now)
  const hints = [
    `手上${candidate.open}件`, candidate.member.sector.name, candidate.knows ? '熟悉这类事' : '',
    away ? `请假，${day(away.ends_at, now)}起回来` : later ? `${day(later.starts_at, now)}起请假` : ''
  ]
  const holds = candidate.member.id === present
  return { value: candidate.member.id, label: `${candidate.member.name}委员${holds ? '（正在办）' : ''}`, hint: hints.filter(Boolean).join('，'), off: holds }
}
