import { type NamedRelation, namedRelation } from './named-relations.ts'
import { type Node, isNode } from './nodes.ts'

export interface StatementWalk {
  named: NamedRelation[]
  /** It changes data or makes a relation: `select into`, or a CTE that inserts, updates, deletes or merges. */
  writes: boolean
}

const writing = new Set(['intoClause', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

/** `for update of x` names an item of `from`, `select into x` a relation that is yet to be made. */
const withoutReferences = new Set(['lockingClause', 'intoClause', 'into'])

/**
 * Goes through every node of a statement, known or not, so that no kind of expression is missed. The only scopes that
 * matter are those of `with`: they alone hide the name of a relation. An explicit stack, since a chain of a thousand
 * `||` is a tree a thousand deep.
 */
export function walkStatement(statement: Node): StatementWalk {
  const walk: StatementWalk = { named: [], writes: false }
  const pending: { value: unknown; ctes: ReadonlySet<string> }[] = [{ value: statement, ctes: new Set() }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, ctes } = next
    if (Array.isArray(value)) {
      for (const item of value) pending.push({ value: item, ctes })
    } else if (isNode(value)) {
      const found = namedRelation(value, ctes)
      if (found !== null) walk.named.push(found)
      const inner = openWith(value['withClause'], ctes)
      pending.push(...inner.queries)
      for (const [key, child] of Object.entries(value)) {
        if (writing.has(key)) walk.writes = true
        if (key !== 'withClause' && !withoutReferences.has(key))
          pending.push({ value: child, ctes: inner.ctes })
      }
    }
  }
  return walk
}

/**
 * Which names the queries of a `with` see, and what sees them all: the statement that it belongs to. Without
 * `recursive` a query sees only those before it, neither itself nor those after: there the same name is a relation.
 */
function openWith(withClause: unknown, outer: ReadonlySet<string>) {
  const queries: { value: unknown; ctes: ReadonlySet<string> }[] = []
  if (!isNode(withClause) || !Array.isArray(withClause['ctes'])) return { queries, ctes: outer }
  const ctes = withClause['ctes'].map(commonTableExpression)
  const all = new Set([...outer, ...ctes.map((cte) => cte.name)])
  let before = outer
  for (const { name, node } of ctes) {
    queries.push({ value: node, ctes: withClause['recursive'] === true ? all : before })
    before = new Set([...before, name])
  }
  return { queries, ctes: all }
}

function commonTableExpression(value: unknown): { name: string; node: unknown } {
  const node = isNode(value) ? value['CommonTableExpr'] : undefined
  return { name: isNode(node) && typeof node['ctename'] === 'string' ? node['ctename'] : '', node }
}
