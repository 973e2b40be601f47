import { createHash } from 'node:crypto'
import { historyTable } from '../sql/history-table.ts'
import { cutIdentifier, maxIdentifierBytes } from '../sql/identifiers.ts'
import type { Place } from './place.ts'
import type { View, ViewName } from './view.ts'
import type { IndexSettings } from './view-settings.ts'

/** What the indexes of a view are called. */
export interface IndexNames {
  /** In the order of the settings. */
  own: readonly { name: string; place: Place }[]
  /** Everything that the project makes in the view's schema: views, history tables, indexes. */
  taken: ReadonlySet<string>
}

/** A view that is loaded but for the names of its indexes. */
export type UnnamedView = Omit<View, 'indexNames'>

interface Index {
  view: UnnamedView
  settings: IndexSettings
  /** As it is called where nothing else is called so. */
  plain: string
}

/**
 * The names of all indexes that views declare. Indexes and relations share one namespace in a schema, and names that
 * are made of relation and columns may meet: `orders (customer, id)` and `orders_customer (id)`. All that meet are told
 * apart by a hash of what they index, none by its place among the others, so that one more of them renames no other.
 * @param views all of the project, in the order of their names
 * @param placeOf where an index stands in the settings, of a view and the number of the index
 */
export function indexNames(
  views: readonly UnnamedView[],
  placeOf: (view: UnnamedView, at: number) => Place,
): ReadonlyMap<ViewName, IndexNames> {
  const schemas = new Map<string, UnnamedView[]>()
  for (const view of views) {
    const others = schemas.get(view.schema)
    if (others === undefined) schemas.set(view.schema, [view])
    else others.push(view)
  }
  const result = new Map<ViewName, IndexNames>()
  for (const ofSchema of schemas.values()) {
    const { names, taken } = namesInSchema(ofSchema)
    for (const view of ofSchema) {
      const own = (names.get(view.name) ?? []).map((name, at) => ({ name, place: placeOf(view, at) }))
      result.set(view.name, { own, taken })
    }
  }
  return result
}

/** @returns the names by view, and all names in the schema */
function namesInSchema(views: readonly UnnamedView[]): {
  names: ReadonlyMap<ViewName, readonly string[]>
  taken: ReadonlySet<string>
} {
  const indexes = views.flatMap((view) =>
    view.settings.indexes.map((settings) => ({ view, settings, plain: plainName(view, settings) })),
  )
  const given = indexes.flatMap(({ settings: { name } }) => (name === null ? [] : [name]))
  const reserved = new Set([...views.flatMap(relationNames), ...given])
  const count = new Map<string, number>()
  for (const { settings, plain } of indexes) {
    if (settings.name === null) count.set(plain, (count.get(plain) ?? 0) + 1)
  }
  const isAlone = ({ plain }: Index): boolean => count.get(plain) === 1 && !reserved.has(plain)
  const taken = new Set([...reserved, ...indexes.filter(isAlone).map(({ plain }) => plain)])
  const names = new Map<ViewName, string[]>(views.map((view) => [view.name, []]))
  for (const index of indexes) {
    const name = index.settings.name ?? (isAlone(index) ? index.plain : toldApart(index, taken))
    taken.add(name)
    names.get(index.view.name)?.push(name)
  }
  return { names, taken }
}

function relationNames({ schema, relation, settings }: UnnamedView): string[] {
  const { name: history } = historyTable({ schema, name: relation })
  return settings.snapshotsInterval === null ? [relation] : [relation, history]
}

/** Made of the relation and the columns, as the server makes it. */
function plainName({ relation }: UnnamedView, index: IndexSettings): string {
  const parts = index.columns.map((column) =>
    column.replaceAll(/[^\p{L}\p{N}_]+/gu, '_').replaceAll(/^_+|_+$/g, ''),
  )
  const name = [relation, ...parts, index.where === null ? 'idx' : 'part_idx'].join('_')
  return Buffer.byteLength(name) <= maxIdentifierBytes ? name : withHash(name, name)
}

/** Two indexes may be alike in everything. */
function toldApart({ view, settings, plain }: Index, taken: ReadonlySet<string>): string {
  const { columns, include, where, method, unique } = settings
  for (let again = 0; ; again++) {
    const text = JSON.stringify([view.relation, columns, include, where, method, unique, again])
    const name = withHash(plain, text)
    if (!taken.has(name)) return name
  }
}

/** Cut to what the server keeps. */
function withHash(name: string, text: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8)
  return `${cutIdentifier(name, maxIdentifierBytes - hash.length - 1)}_${hash}`
}
