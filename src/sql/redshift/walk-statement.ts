import type { Chain } from './chains.ts'
import { type Node, isNode, isSelect, isTable, spanOf } from './nodes.ts'

/** What one `from` makes visible. */
export interface Scope {
  outer: Scope | null
  tables: Table[]
  /** Aliases of what is no table, such as a subquery. */
  aliases: { name: string; start: number }[]
}

/** The name of a relation, of a CTE, or a way into a value, as in `from customers c, c.orders`. */
export interface Table {
  chain: Chain
  alias: string | null
  isCte: boolean
  /** Null outside `from`. */
  scope: Scope | null
  start: number
}

/** Names with dots between them in an expression. */
export interface Use {
  chain: Chain
  scope: Scope | null
}

export interface StatementWalk {
  tables: Table[]
  uses: Use[]
  /** It changes data or makes a relation: `select into`, or a part of it that inserts, updates, deletes or merges. */
  writes: boolean
  /** Whether the sdk has placed every relation in the text. */
  isComplete: boolean
}

/** Reads the chain that begins at an offset in the statement. */
export type ReadChain = (offset: number) => Chain | null

interface Context {
  scope: Scope | null
  ctes: ReadonlySet<string>
  /** Whether what is here can become an item of the scope's `from`. */
  inFrom: boolean
}

const writing = new Set(['into', 'insert', 'update', 'delete', 'merge'])

/** `select into` names a relation that is yet to be made, and `for update` changes nothing. */
const withoutReferences = new Set(['into', 'locks', 'span', 'with'])

const namesOfTable = new Set(['catalog', 'schema', 'name', 'alias'])
const itemsOfFrom = new Set(['from', 'joins'])
/** What belongs to an item of `from` and holds none: a join's condition, arguments, and what a pivot reads and makes. */
const partsOfItem = new Set(['on', 'args', 'columns', 'fields'])
const partsOfPivot = new Set([...partsOfItem, 'expressions'])
const nothing: ReadonlySet<string> = new Set()

/**
 * Goes through every node of a statement, known or not, so that no kind of expression is missed. An explicit stack,
 * since a chain of five hundred `||` is a tree five hundred deep.
 */
export function walkStatement(statement: Node, readChain: ReadChain): StatementWalk {
  const walk: StatementWalk = { tables: [], uses: [], writes: false, isComplete: true }
  const pending: { value: object; context: Context }[] = []
  const seen = new Set<number>()

  function push(value: unknown, context: Context): void {
    if (typeof value === 'object' && value !== null) pending.push({ value, context })
  }

  function visit(node: Node, context: Context): void {
    visitName(node, context.scope)
    const inner = openWith(node['with'], context)
    if (isTable(node)) visitTable(node, inner)
    else if (isSelect(node)) visitSelect(node, inner)
    else visitOther(node, inner)
  }

  /** Several nodes may stand for one name. */
  function visitName(node: Node, scope: Scope | null): void {
    const start = spanOf(node)?.start
    if (start === undefined || seen.has(start)) return
    seen.add(start)
    const chain = readChain(start)
    if (chain !== null) walk.uses.push({ chain, scope })
  }

  function visitTable(node: Node, context: Context): void {
    const first = spanOf(node['catalog']) ?? spanOf(node['schema']) ?? spanOf(node['name'])
    const chain = first === null ? null : readChain(first.start)
    if (chain === null) {
      walk.isComplete = false
      return
    }
    const scope = context.inFrom ? context.scope : null
    const isCte = chain.parts.length === 1 && context.ctes.has(chain.parts[0] ?? '')
    const table = { chain, alias: nameOf(node['alias']), isCte, scope, start: chain.start }
    scope?.tables.push(table)
    walk.tables.push(table)
    pushAll(node, { ...context, inFrom: false }, namesOfTable)
  }

  function visitSelect(node: Node, context: Context): void {
    const scope: Scope = { outer: context.scope, tables: [], aliases: [] }
    const within = { ...context, scope, inFrom: false }
    const inFrom = { ...within, inFrom: true }
    push(node['from'], inFrom)
    push(node['joins'], inFrom)
    pushAll(node, within, itemsOfFrom)
  }

  function visitOther(node: Node, context: Context): void {
    const { scope, inFrom } = context
    const alias = inFrom ? nameOf(node['alias']) : null
    if (alias !== null && scope !== null) {
      scope.aliases.push({ name: alias, start: spanOf(node['alias'])?.start ?? 0 })
    }
    // A subquery in `from` does not see what else is there; a table or a join in parentheses belongs to it.
    const closed = inFrom && 'lateral' in node && isNode(node['this']) && !holdsTables(node['this'])
    const sees = closed && node['lateral'] !== true && scope !== null ? scope.outer : scope
    const outside = inFrom ? { ...context, scope: sees, inFrom: false } : context
    const parts = 'this' in node ? partsOfPivot : partsOfItem
    pushAll(node, closed ? outside : context, closed ? nothing : parts)
    if (!closed) for (const part of parts) push(node[part], outside)
  }

  /** Which names the queries of a `with` see, and what sees them all: the statement that it belongs to. */
  function openWith(withClause: unknown, outer: Context): Context {
    if (!isNode(withClause) || !Array.isArray(withClause['ctes'])) return outer
    const ctes = withClause['ctes'].filter(isNode)
    const names = ctes.map((cte) => nameOf(cte['alias']) ?? '')
    const all = new Set([...outer.ctes, ...names])
    // Without `recursive` a query sees only those before it: there its own name, and a later one, is a relation.
    ctes.forEach((cte, index) => {
      const before = new Set([...outer.ctes, ...names.slice(0, index)])
      const visible = withClause['recursive'] === true ? all : before
      push(cte['this'], { scope: outer.scope, ctes: visible, inFrom: false })
    })
    return { ...outer, ctes: all }
  }

  function nameOf(value: unknown): string | null {
    const span = spanOf(value)
    return (span === null ? undefined : readChain(span.start)?.parts[0]) ?? null
  }

  function pushAll(node: Node, context: Context, but: ReadonlySet<string>): void {
    for (const key in node) {
      const value = node[key]
      if (typeof value !== 'object' || value === null) continue
      if (writing.has(key)) walk.writes = true
      if (!withoutReferences.has(key) && !but.has(key)) pending.push({ value, context })
    }
  }

  push(statement, { scope: null, ctes: nothing, inFrom: false })
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, context } = next
    if (Array.isArray(value)) for (const item of value) push(item, context)
    else if (isNode(value)) visit(value, context)
  }
  return walk
}

function holdsTables(node: Node): boolean {
  return 'table' in node || 'joined_table' in node
}
