// The desks of staff: what an account's roles open, and the address of each. Pure.
import type { NamedRole } from '@/api/types'
import { query } from './ways'

/** A place of work of somebody of the staff: as which member, at which station, for which department. */
export interface Desk { role: 'member' | 'station_manager' | 'department_officer'; id: string; name: string }

/** What a desk is called, and its first page. */
export const DESKS: Record<Desk['role'], { title: string; page: string }> = {
  member: { title: '委员', page: '/member/list' },
  station_manager: { title: '站长', page: '/manager/desk' },
  department_officer: { title: '承办单位', page: '/officer/list' }
}

/** The roles that have pages here. */
export function desksOf(roles: NamedRole[]): Desk[] {
  return roles.flatMap(({ role, scope_id: id, scope_name: name }) => (role in DESKS ? [{ role: role as Desk['role'], id, name: name ?? '' }] : []))
}

/** `林知远委员`, `青禾街道委员工作站　站长` */
export function nameOf(desk: Desk): string {
  return desk.role === 'member' ? `${desk.name}委员` : `${desk.name}　${DESKS[desk.role].title}`
}

/** The address of a desk's first page. */
export function homeOf(desk: Desk): string {
  return `${DESKS[desk.role].page}${query({ at: desk.id })}`
}
