// What the service's words for kinds and levels are called on the screen.
import type { Level, StationKind } from '@/api/types'

export const STATION_KINDS: Record<StationKind, string> = {
  station: '委员工作站', studio: '委员工作室', sector_station: '界别工作站', deliberation_room: '协商议事室'
}

export const LEVELS: Record<Level, string> = { national: '全国政协委员', province: '省政协委员', city: '市政协委员', district: '区县政协委员' }

/** 381-0472-956 */
export function grouped(number: string): string {
  return /^\d{10}$/.test(number) ? `${number.slice(0, 3)}-${number.slice(3, 7)}-${number.slice(7)}` : number
}
