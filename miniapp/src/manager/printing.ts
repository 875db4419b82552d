// A slip on paper: the service draws the page, the browser prints it. A phone has no printer; there the code is saved.
import { Refused } from '@/api/problem'
import { noAnswer } from '@/api/transport'
import { tell } from '@/logic/error_words'
import { toast } from '@/logic/ways'
import { serverAddress } from '@/server'

export function canPrint(): boolean {
  let can = false
  // #ifdef H5
  can = true
  // #endif
  return can
}

function fetchSlip(id: string, ticket: string): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: `${serverAddress()}/api/v1/cases/${encodeURIComponent(id)}/slip?format=html&paper=a6`,
      header: { 'x-case-ticket': ticket },
      dataType: 'text',
      success: (answer) => (answer.statusCode === 200 ? resolve(answer.data as string) : reject(new Refused(answer.statusCode, null))),
      fail: (failure) => reject(noAnswer(failure.errMsg ?? ''))
    })
  })
}

/** Opens the slip in a window of its own, ready to print. */
export async function printSlip(id: string, ticket: string): Promise<void> {
  // #ifdef H5
  // Within the press: a window that opens after the network has answered is taken for an advertisement.
  const paper = window.open('', '_blank')
  try {
    const address = URL.createObjectURL(new Blob([await fetchSlip(id, ticket)], { type: 'text/html' }))
    if (!paper) return toast('浏览器拦住了打印窗口，请允许后再试')
    paper.location.replace(address)
    paper.addEventListener('load', () => paper.print())
  } catch (error) {
    paper?.close()
    toast(tell(error).title)
  }
  // #endif
}
