import assert from 'node:assert/strict'
import test from 'node:test'
import { bodyOf, faultsOf, freeze, isTooOldToRepeat, isWorthKeeping, KEY_LIFE_MS, newDraft, nextPhoto, refused, startAfresh, type Draft } from '@/logic/draft'

let keys = 0
const newKey = () => `key-${(keys += 1)}`
function written(change: Partial<Draft> = {}): Draft {
  return { ...newDraft({ code: 'TOKEN', stationName: '示例工作站' }, 'first', 0), text: ' 路灯坏了 ', ...change }
}

test('only what was filled in travels', () => {
  assert.deepEqual(bodyOf(written()), { text: '路灯坏了', code: 'TOKEN' })
  assert.deepEqual(bodyOf(written({ name: ' ', phone: ' 199 0000 0001 ', anonymous: true })), { text: '路灯坏了', code: 'TOKEN', contact: { phone: '199 0000 0001' }, anonymous: true })
})

test('a place in words stands in the text, a chosen one has coordinates and is cut to what the service takes', () => {
  assert.equal(bodyOf(written({ placeWords: '3号楼前' })).text, '路灯坏了\n地点：3号楼前')
  const body = bodyOf(written({ place: { lat: 39.6, lng: 102.3, name: '楼'.repeat(70), address: '' } }))
  assert.deepEqual(body.location, { lat: 39.6, lng: 102.3, name: '楼'.repeat(60) })
})

test('without a code the station is named, and the chosen member with it', () => {
  const target = { stationId: 's', memberId: 'm', stationName: '' }
  assert.deepEqual(bodyOf({ ...written(), target }), { text: '路灯坏了', station_id: 's', member_id: 'm' })
})

test('faults are told before anything is sent, in characters and not in halves of them', () => {
  assert.deepEqual(Object.keys(faultsOf(written({ text: '  ' }))), ['/text'])
  assert.deepEqual(faultsOf(written({ text: '😀'.repeat(2000) })), {})
  assert.deepEqual(Object.keys(faultsOf(written({ text: '灯'.repeat(1998), placeWords: '门口' }))), ['/text'])
  assert.deepEqual(Object.keys(faultsOf(written({ phone: '12' }))), ['/contact/phone'])
  assert.deepEqual(faultsOf(written({ phone: '+86 199-0000-0001' })), {})
})

test('from the first sending on the words stand still, however the form changes', () => {
  const sent = freeze(written(), 1000)
  const later = freeze({ ...sent, text: '别的' }, 2000)
  assert.deepEqual(later.sent, { body: { text: '路灯坏了', code: 'TOKEN' }, at: 1000 })
  assert.equal(later.key, 'first')
})

test('after a refusal the same key is good for corrected words', () => {
  const back = refused(freeze(written(), 0), 'validation_failed', newKey)
  assert.equal(back.sent, null)
  assert.equal(back.key, 'first')
})

test('photos that the service has lost travel once more, by new keys', () => {
  const photos = [{ path: 'a', key: 'k1', uploadId: 'u1' }, { path: 'b', key: 'k2', uploadId: 'u2' }]
  const kept = refused(freeze(written({ photos }), 0), 'validation_failed', newKey)
  assert.deepEqual(bodyOf(kept).uploads, ['u1', 'u2'])
  const lost = refused(freeze(written({ photos }), 0), 'upload_unknown', newKey)
  assert.equal(bodyOf(lost).uploads, undefined)
  assert.notEqual(lost.photos[0]?.key, 'k1')
  assert.equal(nextPhoto(lost)?.path, 'a')
})

test('photos go one after the other, and one that is refused holds nobody up', () => {
  const photos = [{ path: 'a', key: 'k1', uploadId: 'u1' }, { path: 'b', key: 'k2', fault: '已损坏' }, { path: 'c', key: 'k3' }]
  assert.equal(nextPhoto(written({ photos }))?.path, 'c')
  assert.equal(nextPhoto(written({ photos: photos.slice(0, 2) })), null)
})

test('a day later a repetition might be a second case, and is not offered', () => {
  const sent = freeze(written(), 0)
  assert.equal(isTooOldToRepeat(sent, KEY_LIFE_MS), false)
  assert.equal(isTooOldToRepeat(sent, KEY_LIFE_MS + 1), true)
  const anew = startAfresh(sent, newKey)
  assert.equal(anew.sent, null)
  assert.notEqual(anew.key, 'first')
})

test('an empty draft is not worth asking about', () => {
  assert.equal(isWorthKeeping(newDraft({ stationName: '' }, 'k', 0)), false)
  assert.equal(isWorthKeeping(written()), true)
})
