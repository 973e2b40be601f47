import { checkExpression } from './check-expression.ts'
import type { SqlSources } from './load-sql.ts'
import type { ResolvedSettings } from './resolve-settings.ts'

/** Reports SQL in the indexes of a view that is more than a part of a `create index`, or is none. */
export function checkIndexes({ settings, tree }: ResolvedSettings, sources: SqlSources): void {
  for (const [at, { columns, where, method }] of (settings?.indexes ?? []).entries()) {
    const check = (path: readonly PropertyKey[], text: string, before: string, after: string): void => {
      const mayBeName = path[0] === 'columns'
      checkExpression(
        tree,
        ['indexes', at, ...path],
        text,
        { before, after, kind: 'other', mayBeName },
        sources,
      )
    }
    for (const [index, column] of columns.entries())
      check(['columns', index], column, 'create index on t (', ')')
    if (where !== null) check(['where'], where, 'create index on t (n) where ', '')
    if (method !== null) check(['method'], method, 'create index on t using ', ' (n)')
  }
}
