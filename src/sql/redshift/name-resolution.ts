import type { MeantRelation, Qualifier, Reference, Span, UnaliasedRelation } from '../parser.ts'
import type { Chain } from './chains.ts'
import type { Scope, StatementWalk, Table, Use } from './walk-statement.ts'

export interface Resolution {
  references: Reference[]
  /** What leads into values, and could be relations by its form. */
  ways: Reference[]
  unaliased: UnaliasedRelation[]
  qualifiers: Qualifier[]
}

/**
 * Tells what the names in a statement mean. In Redshift dots lead into values too: `c.orders` in `from` and
 * `first.cities.n` in an expression are relations only where nothing in sight is called `c`, and something is a relation
 * `first.cities` that has no alias.
 * @param aliasPlace where an alias would stand that is put behind a relation
 */
export function resolveNames(
  { tables, uses }: Pick<StatementWalk, 'tables' | 'uses'>,
  aliasPlace: (chain: Chain) => number,
): Resolution {
  const relations = new Map<Table, Reference>()
  const ways: Use[] = []
  for (const table of tables) {
    if (table.isCte) continue
    if (leadsIntoValue(table)) ways.push(table)
    else relations.set(table, relationReference(table.chain))
  }

  const unaliased: UnaliasedRelation[] = []
  for (const [table, relation] of relations) {
    if (table.scope === null || table.alias !== null) continue
    const alone = namesIn(table.scope).filter((name) => name === visibleName(table)).length === 1
    unaliased.push({ relation, aliasAt: aliasPlace(table.chain), alone })
  }
  const qualifiers = [...uses, ...ways].flatMap((use) => qualifier(use, relations) ?? [])
  const written = qualifiers.flatMap(({ reference }) => reference ?? [])
  return {
    references: [...relations.values(), ...written],
    ways: ways.flatMap(({ chain }) => (isLikeRelation(chain) ? [relationReference(chain)] : [])),
    unaliased,
    qualifiers,
  }
}

/**
 * Whether a name in `from` begins with what an earlier item is called, or one of a query around it. Not so where that
 * item is itself a relation of the schema `a` in `a.b`: `from sales.sales, sales.customers`.
 */
function leadsIntoValue({ chain, scope, start }: Table): boolean {
  const [first = '', second = ''] = chain.parts
  if (chain.after === '[') return true
  if (chain.parts.length < 2) return false
  for (let at = scope; at !== null; at = at.outer) {
    const earlier = (item: { start: number }): boolean => at !== scope || item.start < start
    if (at.aliases.some((item) => item.name === first && earlier(item))) return true
    for (const table of at.tables.filter(earlier)) {
      if (visibleName(table) === first && !isOfSchema(table, first)) return true
      const whole = table.alias === null && table.chain.parts.at(-1) === second && isOfSchema(table, first)
      if (chain.parts.length > 2 && whole) return true
    }
  }
  return false
}

/** One with more parts would be in another database. */
function isLikeRelation({ parts, after }: Chain): boolean {
  return parts.length === 2 && after !== '['
}

function isOfSchema({ chain: { parts } }: Table, schema: string): boolean {
  return parts.length > 1 && parts.at(-2) === schema
}

function visibleName({ alias, chain }: Table): string {
  return alias ?? chain.parts.at(-1) ?? ''
}

function namesIn({ tables, aliases }: Scope): string[] {
  return [...tables.map(visibleName), ...aliases.map(({ name }) => name)]
}

function relationReference({ parts, start, ends }: Chain): Reference {
  return named('relation', parts, { start, end: ends.at(-1) ?? start })
}

function named(kind: Reference['kind'], parts: readonly string[], span: Span): Reference {
  const [name = '', schema = null, catalog] = parts.toReversed()
  return { ...(catalog === undefined ? {} : { catalog }), schema, name, kind, span }
}

/** What stands before a column, where that is a relation without an alias. */
function qualifier(use: Use, relations: ReadonlyMap<Table, Reference>): Qualifier | null {
  const { chain, scope } = use
  const most = chain.parts.length - (chain.star ? 0 : 1)
  if (chain.after === '(' && !chain.star) return null
  // As in PostgreSQL a schema and a relation come before an alias and a column.
  for (const length of [3, 2]) {
    if (length > most) continue
    const parts = chain.parts.slice(0, length)
    const meant = meantBy(parts, scope, relations)
    if (meant.length === 0) continue
    const span = { start: chain.start, end: chain.ends[length - 1] ?? chain.start }
    return { span, reference: named('column-qualifier', parts, span), meant }
  }
  const span = { start: chain.start, end: chain.ends[0] ?? chain.start }
  const relation = most < 1 ? null : namedAlone(use, relations)
  return relation === null ? null : { span, reference: null, meant: [{ relation, hidden: false }] }
}

/** The relations that `schema.name` can mean, innermost first: which it is may hang on the search path. */
function meantBy(
  parts: readonly string[],
  scope: Scope | null,
  relations: ReadonlyMap<Table, Reference>,
): MeantRelation[] {
  const [name = '', schema, catalog] = parts.toReversed()
  const meant: MeantRelation[] = []
  let hidden = false
  for (let at = scope; at !== null; at = at.outer) {
    for (const table of at.tables) {
      const relation = relations.get(table)
      if (relation === undefined || table.alias !== null || relation.name !== name) continue
      const fits = relation.schema === null || relation.schema === schema
      const sameDatabase = relation.catalog === undefined || !catalog || relation.catalog === catalog
      if (fits && sameDatabase) meant.push({ relation, hidden })
    }
    hidden ||= namesIn(at).includes(name)
  }
  return meant
}

/**
 * The relation that is meant by its mere name: the innermost that is called so, unless that is something else. Where one
 * `from` has two of the name, only a join condition can mean one of them, the last before it: the other stands before a
 * comma, out of its sight.
 */
function namedAlone({ chain, scope }: Use, relations: ReadonlyMap<Table, Reference>): Reference | null {
  const [name] = chain.parts
  for (let at = scope; at !== null; at = at.outer) {
    const tables = at.tables.filter((table) => visibleName(table) === name)
    const called = [...tables, ...at.aliases.filter((alias) => alias.name === name)]
    if (called.length === 0) continue
    const before = called.filter(({ start }) => start < chain.start).toSorted((a, b) => a.start - b.start)
    const item = called.length === 1 ? called[0] : before.at(-1)
    const table = tables.find((each) => each === item && each.alias === null)
    return table === undefined ? null : (relations.get(table) ?? null)
  }
  return null
}
