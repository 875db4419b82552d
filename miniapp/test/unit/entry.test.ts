import assert from 'node:assert/strict'
import test from 'node:test'
import { readEntry, readLink, readToken, scanId } from '@/logic/entry'

const SERVER = 'https://m.example.org/msj'
const TOKEN = '1R3ZYW02258Z74G0'

test('a printed link of ours gives its token, in whatever case it was printed', () => {
  for (const link of [`https://m.example.org/msj/c/${TOKEN}`, `HTTPS://M.EXAMPLE.ORG/MSJ/C/${TOKEN}`, `https://m.example.org/msj/c/${TOKEN.toLowerCase()}?from=poster`]) {
    assert.deepEqual(readLink(link, SERVER), { kind: 'code', token: TOKEN }, link)
  }
})

test('whatever is not ours in every part is refused', () => {
  for (const link of [
    `https://evil.example/msj/c/${TOKEN}`, `https://m.example.org.evil.example/msj/c/${TOKEN}`, `https://m.example.org/c/${TOKEN}`,
    `https://m.example.org/msj/c/${TOKEN}/more`, `https://m.example.org/msj/x/${TOKEN}`, 'https://m.example.org/msj/c/short', `ftp://m.example.org/msj/c/${TOKEN}`,
    `https://m.example.org@evil.example/msj/c/${TOKEN}`, '', 'undefined'
  ]) assert.deepEqual(readLink(link, SERVER), { kind: 'foreign' }, link)
})

test('a slip gives number and ticket; the ticket stands behind #', () => {
  const ticket = 'a'.repeat(43)
  assert.deepEqual(readLink(`https://m.example.org/msj/t/3810472956#${ticket}`, SERVER), { kind: 'ticket', number: '3810472956', ticket })
  assert.deepEqual(readLink('https://m.example.org/msj/t/381-0472-956', SERVER), { kind: 'ticket', number: '3810472956', ticket: null })
})

test('a page is opened by q, encoded once or twice, by scene, or by a token', () => {
  const link = `https://m.example.org/msj/c/${TOKEN}`
  const code = { kind: 'code', token: TOKEN }
  assert.deepEqual(readEntry({ q: encodeURIComponent(link) }, SERVER), code)
  assert.deepEqual(readEntry({ q: encodeURIComponent(encodeURIComponent(link)) }, SERVER), code)
  assert.deepEqual(readEntry({ q: link }, SERVER), code)
  assert.deepEqual(readEntry({ scene: encodeURIComponent(TOKEN) }, SERVER), code)
  assert.deepEqual(readEntry({ token: TOKEN }, SERVER), code)
  assert.deepEqual(readEntry({}, SERVER), { kind: 'nothing' })
  assert.deepEqual(readEntry({ q: '%E0%A4%A' }, SERVER), { kind: 'foreign' })
})

test('letters that are mistaken for digits are read as digits', () => {
  assert.equal(readToken('1r3zywO2258z74go'), '1R3ZYW02258Z74G0')
  assert.equal(readToken('U'.repeat(16)), null)
})

test('one scan has one name', () => {
  assert.equal(scanId({ q: 'x', scancode_time: '1' }), 'x@1')
  assert.equal(scanId({}), null)
  assert.equal(scanId(undefined), null)
})
