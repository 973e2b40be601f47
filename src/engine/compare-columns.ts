/** A column of a relation, as the server prints its type. */
export interface Column {
  name: string
  type: string
}

/** How the columns of a new version differ from those of the live one. */
export type ColumnChange =
  | { kind: 'lost'; column: string }
  | { kind: 'added'; column: string; type: string }
  | { kind: 'retyped'; column: string; from: string; to: string }
  /** The same columns in another order: `select *` gives another row. */
  | { kind: 'reordered' }

export function compareColumns(live: readonly Column[], coming: readonly Column[]): ColumnChange[] {
  const before = new Map(live.map((column) => [column.name, column.type]))
  const after = new Map(coming.map((column) => [column.name, column.type]))
  const lost = live.filter((column) => !after.has(column.name))
  const added = coming.filter((column) => !before.has(column.name))
  const retyped = live.flatMap(({ name, type }): ColumnChange[] => {
    const to = after.get(name)
    return to === undefined || to === type ? [] : [{ kind: 'retyped', column: name, from: type, to }]
  })
  const kept = (columns: readonly Column[], others: ReadonlyMap<string, string>): string =>
    JSON.stringify(columns.filter((column) => others.has(column.name)).map((column) => column.name))
  return [
    ...lost.map((column): ColumnChange => ({ kind: 'lost', column: column.name })),
    ...added.map((column): ColumnChange => ({ kind: 'added', column: column.name, type: column.type })),
    ...retyped,
    ...(kept(live, after) === kept(coming, before) ? [] : [{ kind: 'reordered' } as const]),
  ]
}

/** In words, one for each change. */
export function describeChange(change: ColumnChange): string {
  switch (change.kind) {
    case 'lost':
      return `column ${change.column} goes`
    case 'added':
      return `column ${change.column} (${change.type}) comes`
    case 'retyped':
      return `column ${change.column} becomes ${change.to}, and was ${change.from}`
    case 'reordered':
      return 'the columns come in another order'
    default:
      return change satisfies never
  }
}
