import { types, type QueryArrayResult } from 'pg'
import { writeApproximate } from '../decimal.ts'
import type { Totals } from '../events.ts'
import { quoteIdentifier } from '../sql/identifiers.ts'

/** What a view declares, next to its row count: an aggregate for each name. */
type Aggregates = Readonly<Record<string, string>>

/** Without casts, which Redshift lacks for some types: to be asked with `asPrinted`. */
export function totalsQuery(relation: string, totals: Aggregates): string {
  const columns = [
    'count(*) as "rows"',
    ...Object.entries(totals).map(([name, aggregate]) => `(${aggregate}) as ${quoteIdentifier(name)}`),
  ]
  return `select ${columns.join(', ')} from ${relation}`
}

/** Decimal digits that the floating-point types are sure of, by the type's object id. */
const sureDigits = new Map<number, number>([
  [types.builtins.FLOAT4, 6],
  [types.builtins.FLOAT8, 15],
])

/** Reads the answer to `totalsQuery`, in which each row is an array. */
export function totalsOf({ rows, fields }: QueryArrayResult<(string | null)[]>, totals: Aggregates): Totals {
  const values = rows[0] ?? []
  // By place: Redshift gives the names back in lower case.
  return Object.fromEntries(
    ['rows', ...Object.keys(totals)].map((name, index) => {
      const value = values[index] ?? null
      const digits = sureDigits.get(fields[index]?.dataTypeID ?? 0)
      return [name, value === null || digits === undefined ? value : writeApproximate(value, digits)]
    }),
  )
}
