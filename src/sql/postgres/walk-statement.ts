import type { NamedInArray, NamedRelation } from './named-relation.ts'
import { namedRelations } from './named-relations.ts'
import { type Node, isNode } from './nodes.ts'

export interface StatementWalk {
  named: (NamedRelation | NamedInArray)[]
  /** It changes data or makes a relation: `select into`, or a CTE that inserts, updates, deletes or merges. */
  writes: boolean
}

const writing = new Set(['intoClause', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

/** `for update of x` names an item of `from`, `select into x` a relation that is yet to be made. */
const withoutReferences = new Set(['lockingClause', 'intoClause', 'into'])

/** What is to be gone through, and the names of CTEs that hide relations there. */
interface Scope {
  values: unknown[]
  ctes: ReadonlySet<string>
}

/**
 * Goes through every node of a statement, known or not, so that no kind of expression is missed. The only scopes that
 * matter are those of `with`: they alone hide the name of a relation. Explicit stacks, since a chain of a thousand
 * `||` is a tree a thousand deep.
 */
export function walkStatement(statement: Node): StatementWalk {
  const walk: StatementWalk = { named: [], writes: false }
  const scopes: Scope[] = [{ values: [statement], ctes: new Set() }]
  for (let scope = scopes.pop(); scope !== undefined; scope = scopes.pop()) {
    const { values, ctes } = scope
    while (values.length > 0) {
      const value = values.pop()
      if (Array.isArray(value)) {
        // One by one: a list may be longer than a call may have arguments.
        for (const item of value) values.push(item)
      } else if (isNode(value)) {
        const named = namedRelations(value, ctes)
        if (named !== null) walk.named.push(...named)
        const opened = openWith(value['withClause'], ctes)
        if (opened !== null) scopes.push(...opened.queries)
        const children = opened === null ? values : []
        for (const key of Object.keys(value)) {
          const child = value[key]
          if (writing.has(key)) walk.writes = true
          if (typeof child === 'object' && key !== 'withClause' && !withoutReferences.has(key))
            children.push(child)
        }
        if (opened !== null) scopes.push({ values: children, ctes: opened.ctes })
      }
    }
  }
  return walk
}

/**
 * Which names the queries of a `with` see, and what sees them all: the statement that it belongs to. Without
 * `recursive` a query sees only those before it, neither itself nor those after: there the same name is a relation.
 * Null: there is none.
 */
function openWith(withClause: unknown, outer: ReadonlySet<string>) {
  if (!isNode(withClause) || !Array.isArray(withClause['ctes'])) return null
  const queries: Scope[] = []
  const ctes = withClause['ctes'].map(commonTableExpression)
  const all = new Set([...outer, ...ctes.map((cte) => cte.name)])
  let before = outer
  for (const { name, node } of ctes) {
    queries.push({ values: [node], ctes: withClause['recursive'] === true ? all : before })
    before = new Set([...before, name])
  }
  return { queries, ctes: all }
}

function commonTableExpression(value: unknown): { name: string; node: unknown } {
  const node = isNode(value) ? value['CommonTableExpr'] : undefined
  return { name: isNode(node) && typeof node['ctename'] === 'string' ? node['ctename'] : '', node }
}
