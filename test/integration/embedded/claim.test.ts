import { expect, inject, test } from 'vitest'

import { releaseServer } from '../../../src/embedded/claim.ts'
import { query, usingClient } from '../../support/client.ts'

test('a command that is cut off once it has given back its claim was not the last one', async () => {
  const url = inject('adminUrl')
  await usingClient(url, async (session) => {
    const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid')
    // What the last command does to the others, between the two questions.
    const askThenBeCutOff = async (text: string, values: unknown[]): Promise<unknown> => {
      const answer = await session.query(text, values)
      await query(url, 'select pg_terminate_backend($1, 5000)', [rows[0]?.pid])
      return answer
    }
    const cutOff = new Proxy(session, {
      get: (target, key): unknown => (key === 'query' ? askThenBeCutOff : Reflect.get(target, key)),
    })
    expect(await releaseServer({ session: cutOff, pid: 0, port: 0 })).toBe(false)
  })
})
