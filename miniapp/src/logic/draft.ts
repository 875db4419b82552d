// A report before it is a case: pure. One key a draft, and from the first sending on one body, until the service
// has said yes or no. So a retry can't make a second case, whatever happened to the answer.
import type { ReportBody } from '@/api/types'

/** The service's limits, so that nobody writes in vain. */
export const MAX_TEXT = 2000
export const MAX_PHOTOS = 9
/** The service forgets keys after 24 hours; a retry later could be a second case. */
export const KEY_LIFE_MS = 23 * 3_600_000

export interface Photo {
  /** Where the picture lies on the phone. */
  path: string
  /** Its own key: a photo that arrives twice is one. */
  key: string
  /** What the service calls it, once it has it. */
  uploadId?: string
  /** Why the service does not take it. */
  fault?: string
}

export interface Place { lat: number; lng: number; name: string; address: string }

/** To whom a report goes. */
export interface Target { code?: string; stationId?: string; memberId?: string; stationName: string; memberName?: string }

export interface Draft {
  target: Target
  key: string
  text: string
  place: Place | null
  placeWords: string
  name: string
  phone: string
  anonymous: boolean
  photos: Photo[]
  step: number
  savedAt: number
  /** What was sent, word for word, while it is not known whether it has arrived. */
  sent: { body: ReportBody; at: number } | null
}

export function newDraft(target: Target, key: string, now: number): Draft {
  return { target, key, text: '', place: null, placeWords: '', name: '', phone: '', anonymous: false, photos: [], step: 0, savedAt: now, sent: null }
}

/** Whether there is anything in it that somebody would miss. */
export function isWorthKeeping(draft: Draft): boolean {
  return draft.text.trim() !== '' || draft.photos.length > 0 || draft.sent !== null
}

/** Characters as the service counts them. */
export function length(text: string): number {
  return [...text.trim()].length
}

function cut(text: string, max: number): string {
  return [...text.trim()].slice(0, max).join('')
}

/** The words with the place, where the place is words only: a location needs coordinates. */
export function fullText(draft: Draft): string {
  const words = draft.placeWords.trim()
  return words ? `${draft.text.trim()}\n地点：${words}` : draft.text.trim()
}

/** What is wrong with it, by field, before anything is sent. */
export function faultsOf(draft: Draft): Record<string, string> {
  const faults: Record<string, string> = {}
  if (draft.text.trim() === '') faults['/text'] = '请先写下您要反映的事情。'
  else if (length(fullText(draft)) > MAX_TEXT) faults['/text'] = `最多${MAX_TEXT}个字，请再精简一些。`
  const phone = draft.phone.trim()
  const digits = phone.replace(/\D/g, '').length
  if (phone && (!/^[\d\s()+-]{1,30}$/.test(phone) || digits < 7 || digits > 15)) faults['/contact/phone'] = '电话号码不正确。'
  if (length(draft.name) > 60) faults['/contact/name'] = '最多60个字。'
  return faults
}

/** What goes to the service. */
export function bodyOf(draft: Draft): ReportBody {
  const body: ReportBody = { text: fullText(draft) }
  const { code, stationId, memberId } = draft.target
  if (code) body.code = code
  else if (stationId) body.station_id = stationId
  if (memberId) body.member_id = memberId
  const uploads = draft.photos.flatMap((photo) => photo.uploadId ?? [])
  if (uploads.length) body.uploads = uploads
  if (draft.place) {
    body.location = { lat: draft.place.lat, lng: draft.place.lng }
    if (draft.place.name.trim()) body.location.name = cut(draft.place.name, 60)
    if (draft.place.address.trim()) body.location.address = cut(draft.place.address, 200)
  }
  const name = draft.name.trim()
  const phone = draft.phone.trim()
  if (name || phone) body.contact = { ...(name && { name }), ...(phone && { phone }) }
  if (draft.anonymous) body.anonymous = true
  return body
}

/** The next photo that the service does not have yet. */
export function nextPhoto(draft: Draft): Photo | null {
  return draft.photos.find((photo) => !photo.uploadId && !photo.fault) ?? null
}

/** Ready to send: from here on the words stand still. */
export function freeze(draft: Draft, now: number): Draft {
  return draft.sent ? draft : { ...draft, sent: { body: bodyOf(draft), at: now } }
}

/** The service said no: nothing was kept there, the same key is good for a corrected report. */
export function refused(draft: Draft, code: string, newKey: () => string): Draft {
  const photos = code === 'upload_unknown'
    // Somebody waited for more than a day: all photos travel once more, by new keys.
    ? draft.photos.map((photo) => ({ path: photo.path, key: newKey() }))
    : draft.photos
  return { ...draft, photos, sent: null }
}

/** Whether it was sent so long ago that a retry might be taken for a new report. */
export function isTooOldToRepeat(draft: Draft, now: number): boolean {
  return draft.sent !== null && now - draft.sent.at > KEY_LIFE_MS
}

/** Begins anew with the same words, after somebody has looked whether the report has arrived. */
export function startAfresh(draft: Draft, newKey: () => string): Draft {
  return { ...draft, key: newKey(), sent: null, photos: draft.photos.map((photo) => ({ path: photo.path, key: newKey() })) }
}
