import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { parseDeclared } from '../../../src/engine/declared.ts'
import { leftovers } from '../../support/catalog.ts'
import { makeWorld, type World } from '../../support/world.ts'

/** Few, so that many are alike. */
const columns = ['id', 'name', 'id, name'] as const
type Columns = (typeof columns)[number]

interface Declared {
  columns: Columns
  name: string | null
}

/** What somebody does by hand. The position is that of a standing index, in the order of names. */
type Action =
  | { do: 'create'; columns: Columns; name: string; fillfactor: number | null }
  | { do: 'comment' | 'fillfactor' | 'cluster' | 'drop'; at: number; text: string }

interface Step {
  declared: readonly Declared[]
  actions: readonly Action[]
}

interface Scenario {
  materialized: 'view' | 'table'
  steps: readonly Step[]
}

interface Index {
  columns: string
  /** Comment, options and part: all that a hand may change. */
  rest: string
}

const someColumns = fc.constantFrom(...columns)
/** Names go from one definition to another; those that hands give are never those of the settings. */
const someDeclared = fc.uniqueArray(
  fc.record({ columns: someColumns, name: fc.constantFrom(null, null, 'x', 'y', 'z') }),
  { maxLength: 4, selector: ({ name }) => name ?? {} },
)
const someAction: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    columns: someColumns,
    // Some sort before those that duro makes, some after.
    name: fc.constantFrom('hand', '_hand', 'zz_hand'),
    fillfactor: fc.constantFrom(null, null, 50),
  }),
  fc.record({
    do: fc.constantFrom('comment' as const, 'fillfactor' as const, 'cluster' as const, 'drop' as const),
    at: fc.nat(5),
    text: fc.constantFrom('60', '70', '80'),
  }),
)
const someStep = fc.record({ declared: someDeclared, actions: fc.array(someAction, { maxLength: 4 }) })
const someScenario: fc.Arbitrary<Scenario> = fc.record({
  materialized: fc.constantFrom('view', 'table'),
  steps: fc.array(someStep, { minLength: 3, maxLength: 3 }),
})

const select = "select 1 as id, 'x'::text as name"
const viewAt = (at: number): string => `v${at}`
/** All views share one schema, and so the names of their indexes differ. */
const nameFor = (view: string, name: string): string => `${view}_${name}`

function yaml(view: string, { materialized }: Scenario, { declared }: Step): string {
  const indexes = declared.map((index) => ({
    columns: index.columns.split(', '),
    ...(index.name === null ? {} : { name: nameFor(view, index.name) }),
  }))
  return JSON.stringify({ materialized, indexes })
}

async function standing(world: World, view: string): Promise<Map<string, Index>> {
  const rows = await world.sql<Index & { name: string }>(
    `select c.relname as name,
            (select string_agg(a.attname, ', ' order by a.attnum) from pg_attribute a where a.attrelid = c.oid) as columns,
            concat_ws(' | ', obj_description(c.oid), c.reloptions::text, case when i.indisclustered then 'clustered' end) as rest
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = to_regclass($1) order by c.relname collate "C"`,
    [`first.${view}`],
  )
  return new Map(rows.map(({ name, ...index }) => [name, index]))
}

/** What duro takes for declared on the live version. */
async function namesDeclared(world: World, view: string): Promise<ReadonlySet<string>> {
  const [row] = await world.sql<{ declared: string }>('select declared from duro.views where name = $1', [
    `first.${view}`,
  ])
  return new Set(parseDeclared(row?.declared ?? null)?.indexes)
}

/** Does it to the live version. */
async function act(world: World, view: string, kind: string, action: Action): Promise<void> {
  if (action.do === 'create') {
    const options = action.fillfactor === null ? '' : ` with (fillfactor = ${action.fillfactor})`
    const name = nameFor(view, action.name)
    await world.sql(
      `set client_min_messages = error; create index if not exists ${name} on first.${view} (${action.columns})${options}`,
    )
    return
  }
  const names = [...(await standing(world, view)).keys()]
  const name = names[action.at % names.length]
  if (name === undefined) return
  await world.sql(
    {
      comment: `comment on index first.${name} is '${name} ${action.text}'`,
      fillfactor: `alter index first.${name} set (fillfactor = ${action.text})`,
      cluster: `alter ${kind} first.${view} cluster on ${name}`,
      drop: `drop index first.${name}`,
    }[action.do],
  )
}

interface State {
  indexes: ReadonlyMap<string, Index>
  /** Names of those that duro takes for declared; all others were made by hand. */
  own: ReadonlySet<string>
}

const nothing: State = { indexes: new Map(), own: new Set() }

const stateOf = async (world: World, view: string): Promise<State> => ({
  indexes: await standing(world, view),
  own: await namesDeclared(world, view),
})

/** What should hold of every refresh, whatever the settings were before, and does not. */
function broken(view: string, wanted: readonly Declared[], before: State, after: State): string[] {
  const problems: string[] = []
  const holds = (isTrue: boolean, what: string): void => {
    if (!isTrue) problems.push(`${view}: ${what}`)
  }
  const isSame = (name: string): boolean =>
    JSON.stringify(before.indexes.get(name)) === JSON.stringify(after.indexes.get(name))

  const byHand = [...before.indexes.keys()].filter((name) => !before.own.has(name))
  for (const name of byHand) holds(isSame(name), `${name}, made by hand, is as it was`)
  for (const name of after.indexes.keys())
    holds(byHand.includes(name) || after.own.has(name), `${name} is wanted`)
  for (const name of after.own) {
    const isAlike = before.indexes.get(name)?.columns === after.indexes.get(name)?.columns
    holds(!isAlike || isSame(name), `what was done to ${name} by hand stays`)
  }

  const given = wanted.flatMap((index) =>
    index.name === null ? [] : [{ ...index, name: nameFor(view, index.name) }],
  )
  for (const index of given)
    holds(after.indexes.get(index.name)?.columns === index.columns, `${index.name} is what the settings say`)
  holds(after.own.size === wanted.length, 'nothing else is declared')
  for (const each of columns) {
    const own = (state: State): string[] =>
      [...state.own].filter((name) => state.indexes.get(name)?.columns === each)
    const ofColumns = wanted.filter((index) => index.columns === each)
    holds(own(after).length === ofColumns.length, `all that are declared on ${each} are there`)
    const free = own(before).filter((name) => !given.some((index) => index.name === name))
    const unnamed = ofColumns.filter((index) => index.name === null)
    const kept = free.filter((name) => after.own.has(name))
    holds(kept.length === Math.min(unnamed.length, free.length), `names on ${each} are kept`)
  }
  return problems
}

const allBroken = (
  steps: readonly { view: string; step: Step }[],
  before: readonly State[],
  after: readonly State[],
): string[] =>
  steps.flatMap(({ view, step }, at) =>
    broken(view, step.declared, before[at] ?? nothing, after[at] ?? nothing),
  )

test('indexes keep their names and what was done to them by hand, whatever is declared beside them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someScenario, { minLength: 8, maxLength: 8 }), async (scenarios) => {
      const views = scenarios.map((of, at) => ({ view: viewAt(at), of }))
      const world = await makeWorld(
        '',
        Object.fromEntries(views.map(({ view }) => [`views/first/${view}.sql`, select])),
      )
      const states = (): Promise<State[]> => Promise.all(views.map(({ view }) => stateOf(world, view)))
      for (const at of [0, 1, 2]) {
        const steps = views.map(({ view, of }) => ({
          view,
          of,
          step: of.steps[at] ?? { declared: [], actions: [] },
        }))
        await world.project.update(
          Object.fromEntries(
            steps.map(({ view, of, step }) => [`views/first/${view}.yaml`, yaml(view, of, step)]),
          ),
        )
        const before = at === 0 ? views.map(() => nothing) : await states()
        await world.refresh('--force')
        const after = await states()
        expect(allBroken(steps, before, after)).toEqual([])
        for (const { view, of, step } of steps) {
          const kind = of.materialized === 'table' ? 'table' : 'materialized view'
          for (const each of step.actions) await act(world, view, kind, each)
        }
        const changed = await states()
        await world.refresh('--force')
        const again = await states()
        expect(allBroken(steps, changed, again)).toEqual([])
        await world.refresh('--force')
        expect(await states()).toEqual(again)
      }
      expect(await leftovers(world.url)).toEqual([])
    }),
    { numRuns: 2, endOnFailure: true },
  )
})
