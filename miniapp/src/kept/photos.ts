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

// #ifdef H5
/** A picture that was chosen in this very page has an address of its own until the page is left. */
function stillThere(path: string): Promise<string | null> {
  return fetch(path).then(() => path, () => null)
}
// #endif

/** Keeps a picture that was just chosen, and gives the path by which it is found again. */
export async function keepPhoto(path: string, key: string): Promise<string> {
  let kept = path
  // #ifdef H5
  const picture = await (await fetch(path)).blob()
  try {
    await store('readwrite', (photos) => photos.put(picture, key))
  } catch {
    // Without a database, or without room in it, the photo lasts as long as the page.
    kept = path
  }
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
  try {
    const picture = await store<Blob | undefined>('readonly', (photos) => photos.get(key))
    found = picture ? URL.createObjectURL(picture) : await stillThere(path)
  } catch {
    found = await stillThere(path)
  }
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

/** Nothing of any draft stays. */
export async function dropAllPhotos(): Promise<void> {
  // #ifdef H5
  await store('readwrite', (photos) => photos.clear())
  // #endif
  // #ifndef H5
  const saved = await new Promise<{ filePath: string }[]>((resolve) => { uni.getSavedFileList({ success: (list) => resolve(list.fileList), fail: () => resolve([]) }) })
  await Promise.all(saved.map((file) => dropPhoto(file.filePath, '')))
  // #endif
}
