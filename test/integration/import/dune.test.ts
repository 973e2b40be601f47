import { onTestFinished, describe, expect, test } from 'vitest'

import {
  send,
  startDuneStandIn,
  type DuneStandIn,
  type StandInOptions,
} from '../../../src/demo/dune-stand-in.ts'
import { relationIds } from '../../support/catalog.ts'
import { makeWorld, type World } from '../../support/world.ts'

const rows = Array.from({ length: 25 }, (_, n) => ({
  n,
  who: n === 3 ? null : n === 4 ? '' : `näme ${n}, "quoted"\n`,
  amount: '115792089237316195423570985008687907853269984665640564039457584007913129639935',
  flags: ['a', n],
}))
const query = { columns: ['n', 'who', 'amount', 'flags'], rows }

const table = 'create table events (n integer, who text, amount numeric, flags jsonb)'

async function makeDune(
  settings: string,
  options: Partial<StandInOptions> = {},
  env: NodeJS.ProcessEnv = {},
): Promise<{ dune: DuneStandIn; world: World }> {
  const dune = await startDuneStandIn({ queries: new Map([[7, query]]), pageSize: 10, ...options })
  onTestFinished(() => dune.stop())
  const world = await makeWorld(
    '',
    { 'views/first/events — 1h.sql': table, 'views/first/events.yaml': `import: { dune: { ${settings} } }` },
    { DUNE_API_URL: dune.url, DUNE_API_KEY: dune.key, ...env },
  )
  return { dune, world }
}

const failed = (message: string) => `first.events could not be built: ${message}`

describe('an import from Dune', () => {
  test('reads all pages of one execution, and every value as it is', async () => {
    const { dune, world } = await makeDune('query_id: 7')
    await world.refresh()
    expect(await world.sql('select * from first.events where n in (3, 4, 24) order by n')).toEqual([
      { n: 3, who: null, amount: rows[0]?.amount, flags: ['a', 3] },
      { n: 4, who: '', amount: rows[0]?.amount, flags: ['a', 4] },
      { n: 24, who: 'näme 24, "quoted"\n', amount: rows[0]?.amount, flags: ['a', 24] },
    ])
    expect(
      await world.sql('select count(*)::int as n, count(distinct n)::int as d from first.events'),
    ).toEqual([{ n: 25, d: 25 }])
    expect(dune.requests.map((path) => path.replace(/\?.*offset=/, ' '))).toEqual([
      '/api/v1/query/7/results 0',
      '/api/v1/execution/stand-in-7-1/results 10',
      '/api/v1/execution/stand-in-7-1/results 20',
    ])
  })

  test('asks for the columns that it needs, under Dune’s names', async () => {
    const { dune, world } = await makeDune(
      'query_id: 7, columns: { n: n, who: amount, amount: n, flags: flags }',
    )
    await world.refresh()
    expect(await world.sql('select who, amount from first.events where n = 5')).toEqual([
      { who: rows[0]?.amount, amount: '5' },
    ])
    expect(dune.requests[0]).toContain('columns=n%2Camount%2Cn%2Cflags')
  })

  test('keeps numbers that JavaScript would round', async () => {
    const json =
      '{"execution_id":"x","state":"QUERY_STATE_COMPLETED","result":{"metadata":{"column_names":["n","who","amount","flags"]},"rows":[{"n":1,"who":"say \\"123456789012345678901234567890\\"","amount":123456789012345678901234567890.25,"flags":null}]}}'
    const { world } = await makeDune('query_id: 7', {
      before: (_, response) => {
        response.end(json)
        return true
      },
    })
    await world.refresh()
    expect(await world.sql('select who, amount from first.events')).toEqual([
      { who: 'say "123456789012345678901234567890"', amount: '123456789012345678901234567890.25' },
    ])
  })

  test('an empty result is an error, unless it is allowed', async () => {
    const queries = new Map([[7, { ...query, rows: [] }]])
    const { world } = await makeDune('query_id: 7', { queries })
    const { error } = await world.duro(['refresh'])
    expect(error).toMatchObject({
      message: failed('the result of the query is empty'),
      hint: 'Where that may be, set allow_empty: true for this import.',
    })
    await world.project.update({
      'views/first/events.yaml': 'import: { dune: { query_id: 7, allow_empty: true } }',
    })
    await world.refresh()
    expect(await world.sql('table first.events')).toEqual([])
  })

  test('an execution that is too old is an error', async () => {
    const queries = new Map([[7, { ...query, endedAt: new Date(Date.now() - 3 * 3_600_000) }]])
    const { world } = await makeDune('query_id: 7, max_age: 2h', { queries })
    expect((await world.duro(['refresh'])).error).toMatchObject({
      message: expect.stringMatching(/the query last ran at 20.*Z, and max_age is 2h/) as unknown,
      hint: expect.stringContaining('https://dune.com/queries/7') as unknown,
    })
    await world.project.update({
      'views/first/events.yaml': 'import: { dune: { query_id: 7, max_age: 4h } }',
    })
    await world.refresh()
  })

  test.each([
    ['QUERY_STATE_FAILED', 'has no result, its last execution has the state failed: column x is unknown'],
    [
      'QUERY_STATE_CANCELLED',
      'has no result, its last execution has the state cancelled: column x is unknown',
    ],
    ['QUERY_STATE_COMPLETED_PARTIAL', 'has a result that was cut off, since it is too large'],
  ])('an execution in the state %s is an error', async (state, message) => {
    const queries = new Map([[7, { ...query, state, error: 'column x is unknown' }]])
    const { world } = await makeDune('query_id: 7', { queries })
    expect((await world.duro(['refresh'])).error?.message).toBe(failed(`the query ${message}`))
  })

  test('rows that are missing are noticed', async () => {
    const { world } = await makeDune('query_id: 7', {
      before: (path, response) => {
        if (!path.includes('offset=10')) return false
        send(response, 200, {
          execution_id: 'x',
          state: 'QUERY_STATE_COMPLETED',
          result: { rows: [], metadata: { column_names: query.columns, total_row_count: 25 } },
        })
        return true
      },
    })
    expect((await world.duro(['refresh'])).error?.message).toBe(failed('the query gave 10 of 25 rows'))
    expect(await relationIds(world.url)).toEqual({})
  })
})

describe('what Dune refuses', () => {
  test('for a moment is asked again: too many requests, an error of the server, a cut connection', async () => {
    let asked = 0
    const { dune, world } = await makeDune('query_id: 7', {
      before: (_, response) => {
        asked++
        if (asked === 2) response.socket?.destroy()
        else if (asked === 4) send(response, 503, '')
        else if (asked === 5) {
          response.setHeader('Retry-After', '0')
          send(response, 429, { error: 'too many requests' })
        } else return false
        return true
      },
    })
    await world.refresh()
    expect(dune.requests).toHaveLength(6)
    expect(await world.sql('select count(*)::int as n from first.events')).toEqual([{ n: 25 }])
  })

  test('again and again is an error after some time', async () => {
    const { dune, world } = await makeDune('query_id: 7', {
      before: (_, response) => {
        response.setHeader('Retry-After', '0')
        send(response, 429, { error: 'too many requests' })
        return true
      },
    })
    expect((await world.duro(['refresh'])).error?.message).toBe(
      failed('Dune answered with 429: too many requests'),
    )
    expect(dune.requests).toHaveLength(7)
  })

  test('for good is told at once, and never with the key', async () => {
    const { dune, world } = await makeDune('query_id: 7', {}, { DUNE_API_KEY: 'a-wrong-and-secret-key' })
    const { error } = await world.duro(['refresh'])
    expect(error).toMatchObject({
      message: failed('Dune answered with 401: invalid API Key'),
      hint: 'Check DUNE_API_KEY.',
    })
    expect(dune.requests).toHaveLength(1)
    expect(JSON.stringify(await world.sql('select * from duro.view_runs'))).not.toContain('secret-key')
    await world.project.update({ 'views/first/events.yaml': 'import: { dune: { query_id: 8 } }' })
    const missing = await world.duro(['refresh'], { env: { DUNE_API_URL: dune.url, DUNE_API_KEY: dune.key } })
    expect(missing.error?.message).toBe(
      failed('Dune answered with 404: not found: Query not found or private'),
    )
  })

  test('without a key nobody is asked, and none is sent in the open', async () => {
    const { dune, world } = await makeDune('query_id: 7')
    const without = await world.duro(['refresh'], { env: { DUNE_API_URL: dune.url } })
    expect(without.error?.message).toBe(failed('DUNE_API_KEY is not set'))
    const open = await world.duro(['refresh'], {
      env: { DUNE_API_URL: 'http://example.com', DUNE_API_KEY: 'key' },
    })
    expect(open.error?.message).toBe(failed('DUNE_API_URL is not an https:// URL'))
    expect(dune.requests).toEqual([])
  })
})
