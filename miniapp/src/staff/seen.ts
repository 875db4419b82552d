// The case that a form is about: opened on the version that was seen before, and left for the case's page.
import { ref, shallowRef } from 'vue'
import { call } from '@/api'
import { ensureSession } from '@/api/session'
import type { Case } from '@/api/types'
import { tell, type Telling } from '@/logic/error_words'
import { useLoading } from '@/logic/loading'
import { given, query } from '@/logic/ways'
import { currentCase } from './conflict'

/** What all forms on a case know. `fetch` brings what a form needs besides the case. */
export function useSeenCase<T>(fetch: (record: Case) => Promise<T>) {
  const id = ref('')
  const version = ref(0)
  const busy = ref(false)
  const problem = shallowRef<Telling | null>(null)
  /** The case as it has become, where somebody else was faster. */
  const current = shallowRef<Case | null>(null)

  const page = useLoading(async () => {
    await ensureSession()
    const record = await call('get', '/api/v1/cases/{id}', { path: { id: id.value } })
    // It changed on the way from the case's page to here.
    if (version.value && record.version !== version.value) current.value = record
    return { record, more: await fetch(record) }
  })

  function open(options: Record<string, string | undefined>): void {
    id.value = given(options.id)
    version.value = Number(options.version) || 0
    void page.load()
  }

  /** Does what was asked for, once at a time; says why not. True when it is done. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await ensureSession()
      await work()
      return true
    } catch (error) {
      problem.value = tell(error)
      current.value = currentCase(error) ?? current.value
      return false
    } finally {
      busy.value = false
    }
  }

  function leave(): void {
    const pages = getCurrentPages()
    if (pages.length > 1 && pages[pages.length - 2].route === 'staff/case') uni.navigateBack({ delta: 1 })
    else uni.redirectTo({ url: `/staff/case${query({ id: id.value })}` })
  }
  /** For whom the case is none of theirs any more: back to the list before it. */
  function leaveTo(list: string): void {
    const pages = getCurrentPages()
    const place = pages.map((one) => `/${one.route}`).lastIndexOf(list)
    if (place >= 0) uni.navigateBack({ delta: pages.length - 1 - place })
    else uni.redirectTo({ url: list })
  }
  return { id, version, busy, problem, current, page, open, attempt, leave, leaveTo }
}
