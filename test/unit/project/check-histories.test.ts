import { describe, expect, test } from 'vitest'

import { load, problemsIn } from './load.ts'

const daily = 'snapshots_interval: 24h\n'
const name = 'n'.repeat(56)

describe('dated copies', () => {
  test('are read from both forms, inherited, and reset', async () => {
    const { views } = await load({
      'views/first.conf': 'snapshots_interval = 24h\nsnapshots_stored_for = 90d',
      'views/first/a.sql': 'select 1',
      'views/first/b.sql': 'select 1',
      'views/first/b.yaml': 'snapshots_interval: null',
    })
    expect(views.get('first.a')?.settings).toMatchObject({
      snapshotsInterval: 86_400_000,
      snapshotsStoredFor: 90 * 86_400_000,
    })
    expect(views.get('first.b')?.settings.snapshotsInterval).toBe(null)
  })

  test('need a name that PostgreSQL keeps whole', async () => {
    const long = { [`views/first/${name}.sql`]: 'select 1', [`views/first/${name}.yaml`]: daily }
    expect(await problemsIn(long)).toEqual([
      `views/first/${name}.yaml:1:1 the history table of first.${name} would be called ${name}_history, which is ` +
        'longer than the 63 bytes PostgreSQL keeps ' +
        '(Give the view a shorter name, or set "snapshots_interval: null" for it.)',
    ])
    expect(
      await problemsIn({
        [`views/first/${name.slice(1)}.sql`]: 'select 1',
        [`views/first/${name.slice(1)}.yaml`]: daily,
      }),
    ).toEqual([])
  })

  test('do not share their name with a view', async () => {
    const views = { 'views/first/a.sql': 'select 1', 'views/first.a_history.sql': 'select 1' }
    expect(await problemsIn({ ...views, 'views/first/a.yaml': daily })).toEqual([
      'views/first/a.yaml:1:1 the history table of first.a would be called first.a_history, and so is a view ' +
        '(Rename one of the views, or set "snapshots_interval: null" for first.a.)',
    ])
    expect(await problemsIn(views)).toEqual([])
  })
})
