import type { DeclaredTable } from '../../declared.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'

/** What a user's `create table` has brought, for the next build to know it from what was made by hand. */
export function declaredBy(made: CapturedRelation): DeclaredTable {
  return {
    constraints: made.constraints.map((constraint) => constraint.name),
    notNull: made.columns.filter((column) => column.notNull).map((column) => column.name),
    defaults: made.columns
      .filter((column) => column.default !== null || column.identity !== null)
      .map((column) => column.name),
    statistics: made.statistics.map((statistics) => statistics.name),
  }
}

/**
 * Of the live table what was made by hand, and so is to be taken over. What the statement says now stands on the new
 * table already; what it said before and no longer says is to go.
 */
export function madeByHand(
  live: CapturedRelation,
  made: CapturedRelation,
  before: DeclaredTable,
): CapturedRelation {
  const now = declaredBy(made)
  const own = new Map(made.columns.map((column) => [column.name, column]))
  const isDeclared = (key: keyof DeclaredTable, name: string): boolean =>
    now[key].includes(name) || before[key].includes(name)
  return {
    ...live,
    constraints: live.constraints.filter(({ name }) => !isDeclared('constraints', name)),
    // What was said by hand about those that stand already is still to be taken over.
    statistics: live.statistics.filter(
      ({ name }) => now.statistics.includes(name) || !before.statistics.includes(name),
    ),
    columns: live.columns.map((column) => ({
      ...column,
      default: isDeclared('defaults', column.name) ? null : column.default,
      notNull: column.notNull && !isDeclared('notNull', column.name),
      identity: isDeclared('defaults', column.name) ? null : column.identity,
      storage: own.get(column.name)?.storage ?? column.storage,
      compression: own.get(column.name)?.compression ?? column.compression,
      generated: column.generated && own.get(column.name)?.generated === false,
    })),
  }
}
