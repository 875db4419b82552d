// Photos of a draft outlive the page: in WeChat as saved files, in a browser in its database.

// #ifdef H5
const NAME = 'photos'

function store<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('draft', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(NAME)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const request = work(opening.result.transaction(NAME, mode).objectStore(NAME))
      request.onsuccess = () => { resolve(request.result); opening.result.close() }
      request.onerror = () => { reject(request.error); opening.result.close() }
    }
  })
}
// #endif

/** Keeps a picture that was just chosen, and gives the path by which it is found again. */
export async function keepPhoto(path: string, key: string): Promise<string> {
  let kept = path
  // #ifdef H5
  const picture = await (await fetch(path)).blob()
  await store('readwrite', (photos) => photos.put(picture, key))
  // #endif
  // #ifndef H5
  kept = await new Promise<string>((resolve) => {
    // Without room for it the picture stays where it is, until WeChat tidies up.
    uni.saveFile({ tempFilePath: path, success: (result) => resolve(result.savedFilePath), fail: () => resolve(path) })
  })
  // #endif
  return kept
}

/** A path that works now; null when the picture is gone. */
export async function findPhoto(path: string, key: string): Promise<string | null> {
  let found: string | null = path
  // #ifdef H5
  const picture = await store<Blob | undefined>('readonly', (photos) => photos.get(key))
  found = picture ? URL.createObjectURL(picture) : null
  // #endif
  return found
}

export async function dropPhoto(path: string, key: string): Promise<void> {
  // #ifdef H5
  await store('readwrite', (photos) => photos.delete(key))
  // #endif
  // #ifndef H5
  await new Promise<void>((resolve) => { uni.removeSavedFile({ filePath: path, complete: () => resolve() }) })
  // #endif
}
