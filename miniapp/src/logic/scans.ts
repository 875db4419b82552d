// Which scan was acted on last: WeChat may tell the program, the page, or both of the same one.

let acted: string | null = null

export function markActed(id: string | null): void {
  if (id) acted = id
}

export function isActed(id: string): boolean {
  return acted === id
}
