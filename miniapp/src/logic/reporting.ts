// A draft on its way to the service: saved with every change, photos one by one, the report once.
import { computed, reactive, ref, shallowRef } from 'vue'
import { call } from '@/api'
import { NoAnswer, Refused } from '@/api/problem'
import { ensureSession } from '@/api/session'
import type { Receipt, ReportBody } from '@/api/types'
import { sendPicture } from '@/api/uploads'
import { draft as keptDraft, keepDraft, keepTicket } from '@/kept'
import { dropPhoto, findPhoto, keepPhoto } from '@/kept/photos'
import { bodyOf, faultsOf, freeze, isTooOldToRepeat, newDraft, nextPhoto, refused, startAfresh, type Draft, type Photo, type Target } from './draft'
import { tell, type Telling } from './error_words'
import { newKey } from './keys'

const WRITTEN: ReadonlySet<string> = new Set(['unsupported_picture', 'broken_picture', 'picture_too_large', 'body_too_large', 'unsupported_media_type'])

/** Whether a kept draft goes to the same station or member. */
export function goesTo(draft: Draft, target: Target): boolean {
  return draft.target.code === target.code && draft.target.stationId === target.stationId && draft.target.memberId === target.memberId
}

/** The state of the form, and what can be done with it. */
export function useReport(target: Target) {
  const found = keptDraft()
  const draft = ref<Draft>(found && goesTo(found, target) ? found : newDraft(target, newKey(), Date.now()))
  const faults = ref<Record<string, string>>({})
  const problem = shallowRef<Telling | null>(null)
  const busy = ref(false)
  const progress = reactive<Record<string, number>>({})
  const restored = ref(found !== null && goesTo(found, target))
  let uploading: Promise<void> | null = null
  /** It is a case: whatever still wants to save the draft comes too late. */
  let over = false

  function save(): void {
    if (over) return
    draft.value.savedAt = Date.now()
    keepDraft(draft.value)
  }

  async function addPhotos(paths: string[]): Promise<void> {
    for (const path of paths) {
      const key = newKey()
      draft.value.photos.push({ key, path: await keepPhoto(path, key) })
    }
    save()
    // What fails here is tried again with the report, and told there.
    await uploadAll().catch(() => undefined)
  }

  function removePhoto(photo: Photo): void {
    draft.value.photos = draft.value.photos.filter((other) => other.key !== photo.key)
    save()
    void dropPhoto(photo.path, photo.key)
  }

  async function uploadOne(photo: Photo): Promise<void> {
    const path = await findPhoto(photo.path, photo.key)
    if (!path) {
      photo.fault = '照片已不在手机上，请重新选择'
      return
    }
    try {
      photo.uploadId = await sendPicture(path, photo.key, (percent) => { progress[photo.key] = percent })
    } catch (error) {
      if (!(error instanceof Refused) || !WRITTEN.has(error.code)) throw error
      photo.fault = tell(error).title
    } finally {
      delete progress[photo.key]
      save()
    }
  }

  async function uploadInTurn(): Promise<void> {
    await ensureSession()
    for (let photo = nextPhoto(draft.value); photo; photo = nextPhoto(draft.value)) await uploadOne(photo)
  }

  /** One after the other, never two at once: a weak network carries one. */
  function uploadAll(): Promise<void> {
    uploading ??= uploadInTurn().finally(() => { uploading = null })
    return uploading
  }

  /** Sends what is there; gives the receipt, or says why not. The same draft never becomes two cases. */
  async function send(): Promise<Receipt | null> {
    if (busy.value) return null
    problem.value = null
    if (!draft.value.sent) {
      faults.value = faultsOf(draft.value)
      if (Object.keys(faults.value).length) return null
    }
    busy.value = true
    try {
      if (isTooOldToRepeat(draft.value, Date.now())) return null
      if (!draft.value.sent) {
        await uploadAll()
        if (draft.value.photos.some((photo) => photo.fault)) {
          draft.value.step = 1
          return null
        }
      } else await ensureSession()
      draft.value = freeze(draft.value, Date.now())
      save()
      const body = draft.value.sent?.body ?? bodyOf(draft.value)
      const receipt = await call('post', '/api/v1/cases', { body, key: draft.value.key })
      arrived(receipt, body)
      return receipt
    } catch (error) {
      settle(error)
      return null
    } finally {
      busy.value = false
    }
  }

  function arrived(receipt: Receipt, body: ReportBody): void {
    over = true
    keepTicket({ id: receipt.id, number: receipt.number, ticket: receipt.case_ticket, station: receipt.station.name, excerpt: body.text.slice(0, 60), at: Date.now() })
    for (const photo of draft.value.photos) void dropPhoto(photo.path, photo.key)
    keepDraft(null)
  }

  function settle(error: unknown): void {
    problem.value = tell(error)
    // Asked to wait, or broken on the way: it may have arrived, and the same words go again.
    const unknown = error instanceof NoAnswer || !(error instanceof Refused) || error.status >= 500 || error.status === 429 || error.status === 408 || error.status === 401
    if (unknown) return
    draft.value = refused(draft.value, (error as Refused).code, newKey)
    faults.value = problem.value.faults
    save()
  }

  function discard(): void {
    for (const photo of draft.value.photos) void dropPhoto(photo.path, photo.key)
    keepDraft(null)
    draft.value = newDraft(target, newKey(), Date.now())
    restored.value = false
    problem.value = null
  }

  function afresh(): void {
    draft.value = startAfresh(draft.value, newKey)
    save()
  }

  return {
    draft, faults, problem, busy, progress, restored,
    locked: computed(() => draft.value.sent !== null),
    tooOld: computed(() => isTooOldToRepeat(draft.value, Date.now())),
    save, addPhotos, removePhoto, uploadAll, send, discard, afresh
  }
}
