import { describe, expect, test } from 'vitest'

import { dropEach, type Dropped } from '../../../src/engine/drop-each.ts'
import type { Leftover } from '../../../src/engine/engine.ts'

const leftover = (id: number): Leftover => ({ id, address: { schema: 'first__duro_old', name: `v${id}` } })

/** @param readers what depends on each, by its id; 0 is somebody's own */
async function drop(
  readers: Record<number, readonly number[]>,
): Promise<{ tried: number[]; dropped: number[]; kept: Record<number, string> }> {
  const tried: number[] = []
  const gone = new Set<number>()
  const { dropped, kept } = await dropEach(Object.keys(readers).map(Number).map(leftover), ({ id }) => {
    tried.push(id)
    const isBuiltOn = readers[id]?.some((reader) => !gone.has(reader)) === true
    if (!isBuiltOn) gone.add(id)
    return Promise.resolve<Dropped>(isBuiltOn ? 'built on' : 'dropped')
  })
  return {
    tried,
    dropped: dropped.map(({ id }) => id),
    kept: Object.fromEntries(kept.map(({ leftover: { id }, because }) => [id, because])),
  }
}

describe('relations that depend on each other', () => {
  test('go in one pass where what was made last is what reads', async () => {
    expect(await drop({ 1: [2], 2: [3], 3: [] })).toEqual({ tried: [3, 2, 1], dropped: [3, 2, 1], kept: {} })
  })

  test('go in more passes where it is the other way round', async () => {
    expect(await drop({ 1: [], 2: [1], 3: [2] })).toMatchObject({ dropped: [1, 2, 3], kept: {} })
  })

  test('stay where somebody has built on them, with what they read', async () => {
    expect(await drop({ 1: [2], 2: [0], 3: [] })).toEqual({
      tried: [3, 2, 1, 2, 1],
      dropped: [3],
      kept: { 1: 'something was built on it', 2: 'something was built on it' },
    })
  })
})

test('what is being read is not waited for twice', async () => {
  const tried: number[] = []
  const { kept } = await dropEach([leftover(1), leftover(2)], ({ id }) => {
    tried.push(id)
    return Promise.resolve<Dropped>(id === 2 ? { because: 'it is still being read' } : 'dropped')
  })
  expect(tried).toEqual([2, 1])
  expect(kept).toEqual([{ leftover: leftover(2), because: 'it is still being read' }])
})
