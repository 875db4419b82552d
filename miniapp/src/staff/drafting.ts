// The draft of an answer, kept by the service while it is written: whoever answers next finds it, on any device.
import { computed, ref, shallowRef, type Ref } from 'vue'
import { call } from '@/api'
import { Refused } from '@/api/problem'
import { ensureSession } from '@/api/session'
import type { Draft, Evidence } from '@/api/types'
import { tell } from '@/logic/error_words'
import { newKey } from '@/logic/keys'

/** A pause in writing. */
const PAUSE_MS = 1200

/** The draft of a case; null when nobody has begun one. */
export async function findDraft(id: string): Promise<Draft | null> {
  try {
    return await call('get', '/api/v1/cases/{id}/draft', { path: { id } })
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null
    throw error
  }
}

export function useDraft(id: Ref<string>) {
  const text = ref('')
  const evidence = ref<Evidence | ''>('')
  /** Pictures that the service has, by its names for them. */
  const pictures = ref<string[]>([])
  const state = ref<'' | 'saving' | 'saved' | 'failed'>('')
  const why = ref('')
  /** What somebody else has made of it meanwhile. */
  const other = shallowRef<Draft | null>(null)
  let version: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null
  let changed = false

  function start(draft: Draft | null): void {
    text.value = draft?.text ?? ''
    evidence.value = draft?.evidence ?? ''
    pictures.value = draft?.uploads ?? []
    version = draft?.version
    state.value = draft ? 'saved' : ''
    other.value = null
    changed = false
  }

  async function put(): Promise<void> {
    changed = false
    state.value = 'saving'
    try {
      await ensureSession()
      const body = { text: text.value, uploads: pictures.value, ...(evidence.value && { evidence: evidence.value }) }
      version = (await call('put', '/api/v1/cases/{id}/draft', { path: { id: id.value }, body, version, key: newKey() })).version
      state.value = 'saved'
    } catch (error) {
      state.value = 'failed'
      why.value = tell(error).title
      // What was written stays on the page; the next change tries again.
      if (error instanceof Refused && error.code === 'version_conflict') other.value = (error.problem?.current ?? null) as Draft | null
    }
  }

  /** Keeps what is there now, after what is on its way. */
  async function save(): Promise<void> {
    clearTimeout(timer)
    if (other.value) return
    changed = true
    running ??= (async () => { while (changed && !other.value) await put() })().finally(() => { running = null })
    return running
  }

  function touch(): void {
    clearTimeout(timer)
    timer = setTimeout(() => { void save() }, PAUSE_MS)
  }

  /** Nothing is kept any more: the answer is on its way, or the page is left. */
  async function stop(): Promise<void> {
    clearTimeout(timer)
    changed = false
    await running
  }

  /** Of two drafts the own one: it takes the place of the other. */
  function keepMine(): Promise<void> {
    version = other.value?.version
    other.value = null
    return save()
  }

  const words = computed(() => ({ '': '', saving: '正在保存草稿…', saved: '草稿已保存，换一台设备也能接着写', failed: `草稿还没有保存：${why.value}` })[state.value])
  return { text, evidence, pictures, state, words, other, start, touch, save, stop, keepMine }
}
