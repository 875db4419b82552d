// Pictures on their way to the service and back.
import { serverAddress } from '@/server'
import { Refused, readProblem } from './problem'
import { accessToken } from './session'
import { noAnswer } from './transport'

/** A slow network may take a minute for a photo. */
const PATIENCE_MS = 120_000

/** Sends one picture and gives its id. The same key again gives the same id: an answer that was lost costs nothing. */
export function sendPicture(path: string, key: string, told: (percent: number) => void): Promise<string> {
  const header: Record<string, string> = { 'idempotency-key': key }
  const token = accessToken()
  if (token) header.authorization = `Bearer ${token}`
  return new Promise((resolve, reject) => {
    const task = uni.uploadFile({
      url: `${serverAddress()}/api/v1/uploads`,
      filePath: path,
      name: 'file',
      header,
      timeout: PATIENCE_MS,
      success: (answer) => {
        const received = pictureId(answer.data)
        if (answer.statusCode === 201 && received) resolve(received)
        else reject(new Refused(answer.statusCode, readProblem(answer.data)))
      },
      fail: (failure) => reject(noAnswer(failure.errMsg ?? ''))
    })
    task?.onProgressUpdate?.((progress) => told(progress.progress))
  })
}

function pictureId(body: unknown): string | null {
  try {
    const value = (typeof body === 'string' ? JSON.parse(body) : body) as { id?: unknown } | null
    return typeof value?.id === 'string' ? value.id : null
  } catch {
    return null
  }
}

/** Fetches a picture for whoever may see it; the result is an address for `<image>`. */
export function fetchPicture(id: string, longestSide: 320 | 1280, ticket?: string): Promise<string> {
  const header: Record<string, string> = {}
  if (ticket) header['x-case-ticket'] = ticket
  const token = accessToken()
  if (token) header.authorization = `Bearer ${token}`
  return new Promise((resolve, reject) => {
    uni.downloadFile({
      url: `${serverAddress()}/api/v1/uploads/${encodeURIComponent(id)}/${longestSide}`,
      header,
      success: (answer) => (answer.statusCode === 200 ? resolve(answer.tempFilePath) : reject(new Refused(answer.statusCode, null))),
      fail: (failure) => reject(noAnswer(failure.errMsg ?? ''))
    })
  })
}
