import { expect, test } from 'vitest'

import { tooManyLocks } from '../../../../src/engine/postgres/lock-room.ts'

test('who has too few locks for a swap is told which setting to raise, and how far', () => {
  expect(tooManyLocks(20_000, { locks: 6400, sessions: 100 })).toMatchObject({
    code: 'preflight',
    message: 'to publish all of them at once takes 20000 locks, and the server has room for 6400',
    hint: 'Set max_locks_per_transaction to 300 or more and restart the server, or refresh fewer views at a time.',
  })
})
