// The photos of a form: kept on the phone while it is written, each sent once by its own key.
import { ref } from 'vue'
import { sendPicture } from '@/api/uploads'
import { dropPhoto, findPhoto, keepPhoto } from '@/kept/photos'
import type { Photo } from './draft'
import { newKey } from './keys'

export function usePhotos() {
  const photos = ref<Photo[]>([])

  async function add(paths: string[]): Promise<void> {
    for (const path of paths) {
      const key = newKey()
      photos.value.push({ key, path: await keepPhoto(path, key) })
    }
  }

  function remove(photo: Photo): void {
    photos.value = photos.value.filter((other) => other.key !== photo.key)
    void dropPhoto(photo.path, photo.key)
  }

  /** Sends those that the service does not have yet, one after the other, and gives what it calls them all. */
  async function send(): Promise<string[]> {
    for (const photo of photos.value) {
      const path = photo.uploadId ? null : await findPhoto(photo.path, photo.key)
      if (path) photo.uploadId = await sendPicture(path, photo.key, () => undefined)
    }
    return photos.value.flatMap((photo) => photo.uploadId ?? [])
  }

  /** They have arrived for good. */
  function clear(): void {
    for (const photo of photos.value) void dropPhoto(photo.path, photo.key)
    photos.value = []
  }
  return { photos, add, remove, send, clear }
}
