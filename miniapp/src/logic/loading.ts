// How a page gets what it shows: a skeleton first, the truth about a slow network, then the thing or why not.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { tell, type Telling } from './error_words'

const SLOW_MS = 4000

export interface Loading<T> {
  value: ShallowRef<T | null>
  problem: ShallowRef<Telling | null>
  busy: Ref<boolean>
  slow: Ref<boolean>
  load: () => Promise<void>
}

/** What is shown stays while it is loaded anew; the newest call decides. */
export function useLoading<T>(fetch: () => Promise<T>): Loading<T> {
  const value = shallowRef<T | null>(null)
  const problem = shallowRef<Telling | null>(null)
  const busy = ref(false)
  const slow = ref(false)
  let turn = 0

  async function load(): Promise<void> {
    const mine = ++turn
    busy.value = true
    slow.value = false
    const timer = setTimeout(() => { if (mine === turn) slow.value = true }, SLOW_MS)
    try {
      const result = await fetch()
      if (mine !== turn) return
      value.value = result
      problem.value = null
    } catch (error) {
      if (mine === turn) problem.value = tell(error)
    } finally {
      clearTimeout(timer)
      if (mine === turn) {
        busy.value = false
        slow.value = false
        uni.stopPullDownRefresh?.()
      }
    }
  }
  return { value, problem, busy, slow, load }
}
