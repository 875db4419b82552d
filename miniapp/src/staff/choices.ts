// What a form on a case lets choose from: departments, or cases that it could follow.
import { call } from '@/api'
import type { Case, State } from '@/api/types'
import { grouped } from '@/logic/names'

export interface Choice { value: string; label: string; hint?: string; off?: boolean }

/** The service's longest page. */
const MOST = 100
export const OPEN_STATES: State[] = ['received', 'assigned', 'in_progress', 'awaiting_resident', 'dispatched', 'planned', 'responded', 'contested']

/** Departments that can be asked; the one that has the case now can't be asked for the same. */
export async function departmentChoices(record: Case): Promise<Choice[]> {
  const { items } = await call('get', '/api/v1/departments', { query: { limit: MOST } })
  return items.map((department) => ({ value: department.id, label: department.name, off: department.id === record.department_id }))
}

/** Open cases of the same station; whether one can lead, the service decides. */
export async function leaderChoices(record: Case): Promise<Choice[]> {
  const { items } = await call('get', '/api/v1/cases', { query: { view: 'station', station: record.station.id, state: OPEN_STATES, limit: MOST } })
  return items.filter((item) => item.id !== record.id).map((item) => ({ value: item.id, label: item.excerpt, hint: `${grouped(item.number)}　${item.state_label}` }))
}
