// How calls travel: through `uni.request`, which is wx.request in WeChat and XMLHttpRequest in a browser.
import type { Answered, Asked } from './client'
import { NoAnswer } from './problem'

/** The service gives a request up after 30 s itself. */
const PATIENCE_MS = 35_000

/** What the platform says when there was no answer, as one of three cases that people can do something about. */
export function noAnswer(detail: string): NoAnswer {
  const words = detail.toLowerCase()
  if (words.includes('timeout')) return new NoAnswer('timeout', detail)
  // The server's name can't be found, the phone is not connected, WeChat went to the background.
  const offline = ['interrupted', 'internet', 'offline', 'err_name', 'unable to resolve', 'request:fail', 'abort']
  return new NoAnswer(offline.some((word) => words.includes(word)) ? 'offline' : 'broken', detail)
}

/** Sends one call; whatever status comes back is an answer. */
export function send(asked: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: asked.url,
      // The platforms know PATCH, their type does not.
      method: asked.method as 'GET',
      header: asked.header,
      data: asked.data as UniApp.RequestOptions['data'],
      timeout: PATIENCE_MS,
      success: (answer) => resolve({ status: answer.statusCode, data: answer.data, header: (answer.header ?? {}) as Record<string, string> }),
      fail: (failure) => reject(noAnswer(failure.errMsg ?? ''))
    })
  })
}
