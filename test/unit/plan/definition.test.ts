import { describe, expect, it } from 'vitest'
import { asPublished, describeDefinition, wasBound } from '../../../src/plan/definition.ts'
import { HOUR, makeProject, type ViewSketch } from '../graph/make-project.ts'

const index = { columns: ['a'], unique: false, include: [], where: null, method: null, name: null }

describe('describeDefinition', () => {
  it('normalises the statement alone', () => {
    expect(describe1({ prelude: '-- a comment\n', reads: ['raw.x'] }).sql).toBe('select 1 from raw.x')
  })

  it('lists the settings that shape the relation, sorted, one per line', () => {
    expect(
      describe1({
        materialized: 'table',
        description: 'All cities\nand "towns"',
        grantSelect: ['joan', 'anna'],
        columns: { name: 'The name' },
        indexes: [
          { ...index, columns: ['lower(name)'], where: 'total >  5', name: 'by_name', method: 'gin' },
          { ...index, columns: ['a', 'b'], unique: true, include: ['c'], method: 'btree' },
        ],
      }).settings,
    ).toBe(
      [
        'columns.name: "The name"',
        'default_schema: ["public"]',
        String.raw`description: "All cities\nand \"towns\""`,
        'grant_select: ["anna","joan"]',
        'indexes: unique (a, b) include (c)',
        'indexes: using gin (lower(name)) where total >  5 name by_name',
        'materialized: table',
      ].join('\n'),
    )
  })

  it('leaves out when a view is built and how it is checked', () => {
    const checked: ViewSketch = {
      interval: HOUR,
      totals: { amount: 'sum(total)' },
      limits: { amount: { maxDecrease: null, maxIncrease: null } },
      tests: [{ kind: 'not_null', column: 'a' }],
      tags: ['finance'],
      timeout: HOUR,
    }
    expect(describe1(checked)).toEqual(describe1({}))
  })

  it('tells an empty list of grants from none at all', () => {
    expect(describe1({ grantSelect: [] })).not.toEqual(describe1({}))
  })
})

describe('wasBound', () => {
  it('is true for all but tables', () => {
    expect(wasBound(describe1({ materialized: 'view' }))).toBe(true)
    expect(wasBound(describe1({ materialized: 'none' }))).toBe(true)
    expect(wasBound(describe1({ materialized: 'table' }))).toBe(false)
    expect(wasBound(null)).toBe(false)
  })
})

describe('what names without a schema mean', () => {
  const sketch = { reads: ['b', 'c', 'x.d'] }
  const path = { defaultSchema: ['x', 'public'] }
  const others = { 'x.b': {}, 'x.d': {}, 'y.c': {} }

  it('stands in the definition: the path, and the views that are found along it', () => {
    expect(describe1(sketch, path, others).settings).toBe(
      'default_schema: ["x","public"]\nmaterialized: view\nunqualified names: ["x.b"]',
    )
    expect(describe1(sketch, path).settings).toBe('default_schema: ["x","public"]\nmaterialized: view')
  })

  it('makes no difference to a definition that was published before it stood there', () => {
    const wanted = describe1(sketch, path, others)
    const earlier = { ...wanted, settings: 'materialized: view' }
    expect(asPublished(wanted, earlier)).toEqual(earlier)
    expect(asPublished(wanted, describe1(sketch))).toBe(wanted)
  })
})

function describe1(
  sketch: ViewSketch,
  settings: Parameters<typeof makeProject>[1] = {},
  others: Readonly<Record<string, ViewSketch>> = {},
) {
  const project = makeProject({ 'a.b': sketch, ...others }, settings)
  const view = project.views.get('a.b')
  if (view === undefined) throw new Error('no view')
  return describeDefinition(view, project)
}
