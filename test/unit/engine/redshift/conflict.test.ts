import { describe, expect, test } from 'vitest'
import { isConflict, isInTheWay, retryingConflicts } from '../../../../src/engine/redshift/conflict.ts'

const failure = (code: string, message: string, detail?: string): Error =>
  Object.assign(new Error(message), { code, detail })

describe("what Redshift says of transactions that were in each other's way", () => {
  test.each([
    ['XX000', '1023'],
    ['XX000', '1018'],
    ['XX000', '1023 DETAIL: Serializable isolation violation on table - 1'],
    ['XX000', 'could not complete because of conflict with concurrent transaction'],
    ['40001', 'could not serialize access'],
  ])('%s %s', (code, message) => {
    expect(isConflict(failure(code, message))).toBe(true)
  })

  test.each([
    ['XX000', 'Assert'],
    ['42P01', 'relation "t1023" does not exist'],
    ['22012', 'division by zero'],
  ])('and what is none: %s %s', (code, message) => {
    expect(isConflict(failure(code, message))).toBe(false)
    expect(isInTheWay(failure(code, message))).toBe(false)
  })
})

test('a transaction is begun anew, and not for ever', async () => {
  const { signal } = new AbortController()
  let tried = 0
  const attempt = (failures: number) => async (): Promise<number> => {
    tried += 1
    if (tried <= failures) throw failure('XX000', '1023')
    return tried
  }
  expect(await retryingConflicts(signal, 3, attempt(2))).toBe(3)
  tried = 0
  await expect(retryingConflicts(signal, 2, attempt(5))).rejects.toThrow('1023')
  expect(tried).toBe(2)
})
