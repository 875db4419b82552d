// Lists that are longer than a screen: page by page, as the service gives them.
import { computed, ref, shallowRef } from 'vue'
import { tell, type Telling } from './error_words'

export interface Page<T> { items: T[]; next_cursor?: string | null }

/** The list of a page; `fetch` gets the cursor of the next part. */
export function usePages<T>(fetch: (cursor: string | undefined) => Promise<Page<T>>) {
  const items = shallowRef<T[] | null>(null)
  const problem = shallowRef<Telling | null>(null)
  const busy = ref(false)
  const next = ref<string | null>(null)
  let turn = 0

  async function get(cursor: string | undefined): Promise<void> {
    const mine = ++turn
    busy.value = true
    try {
      const page = await fetch(cursor)
      if (mine !== turn) return
      items.value = cursor ? [...(items.value ?? []), ...page.items] : page.items
      next.value = page.next_cursor ?? null
      problem.value = null
    } catch (error) {
      if (mine === turn) problem.value = tell(error)
    } finally {
      if (mine === turn) {
        busy.value = false
        uni.stopPullDownRefresh?.()
      }
    }
  }

  return {
    items, problem, busy,
    hasMore: computed(() => next.value !== null),
    load: () => get(undefined),
    more: () => (next.value && !busy.value ? get(next.value) : Promise.resolve())
  }
}
