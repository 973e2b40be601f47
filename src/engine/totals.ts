import { types, type ClientBase, type QueryArrayResult } from 'pg'
import { writeApproximate } from '../decimal.ts'
import { SqlError, type DuroError } from '../errors.ts'
import type { Totals } from '../events.ts'
import type { ViewSettings } from '../project/view-settings.ts'
import type { View } from '../project/view.ts'
import { quoteIdentifier } from '../sql/identifiers.ts'
import { asPrinted } from './as-printed.ts'
import type { FailedStatement } from './explain-failure.ts'

/** What one pass over the rows of a view has shown. */
export interface Counted {
  totals: Totals
  /** Whether a row meets each of the conditions that none should; null: they were not looked for. */
  violated: readonly boolean[] | null
}

/** What is counted of one version of a view, as SQL. */
export interface TotalsToCount {
  /** The version. */
  relation: string
  /** An aggregate for each name of a total. */
  aggregates: ViewSettings['totals']
}

/** A plain view stores nothing that could be counted without running it: it has no totals but those that are asked for. */
export function isCounted({
  materialized,
  totals,
  limits,
}: Pick<ViewSettings, 'materialized' | 'totals' | 'limits'>): boolean {
  return materialized !== 'none' || Object.keys(totals).length > 0 || Object.hasOwn(limits, 'rows')
}

/**
 * Without casts, which Redshift lacks for some types: to be asked with `asPrinted`.
 * @param violations conditions that no row should meet, as SQL
 */
export function totalsQuery(
  { relation, aggregates }: TotalsToCount,
  violations: readonly string[] = [],
): string {
  const columns = [
    'count(*) as "rows"',
    ...Object.entries(aggregates).map(
      ([name, aggregate]) => `(${closed(aggregate)}) as ${quoteIdentifier(name)}`,
    ),
    ...violations.map((condition) => `coalesce(bool_or(${condition}), false)`),
  ]
  return `select ${columns.join(', ')} from ${relation}`
}

/** The last thing in it may be a comment, which goes on to the end of the line. */
const closed = (aggregate: string): string => (aggregate.includes('--') ? `${aggregate}\n` : aggregate)

/** Decimal digits that the floating-point types are sure of, by the type's object id. */
const sureDigits = new Map<number, number>([
  [types.builtins.FLOAT4, 6],
  [types.builtins.FLOAT8, 15],
])

/** Reads the answer to `totalsQuery`, in which each row is an array. */
function countedOf(
  { rows, fields }: QueryArrayResult<(string | null)[]>,
  aggregates: TotalsToCount['aggregates'],
): Counted {
  const values = rows[0] ?? []
  // By place: Redshift gives the names back in lower case.
  const names = ['rows', ...Object.keys(aggregates)]
  const entries = names.map((name, index): [string, string | null] => {
    const value = values[index] ?? null
    const digits = sureDigits.get(fields[index]?.dataTypeID ?? 0)
    return [name, value === null || digits === undefined ? value : writeApproximate(value, digits)]
  })
  return {
    totals: Object.fromEntries(entries),
    violated: values.slice(names.length).map((value) => value === 't'),
  }
}

/** Who can be asked. */
interface Counting {
  client: Pick<ClientBase, 'query'>
  explainFailure: (error: unknown, failed: FailedStatement) => DuroError
}

/** @param violations conditions that no row should meet, as SQL */
export async function countRows(
  { client, explainFailure }: Counting,
  { name, file, settings, places }: View,
  wanted: TotalsToCount,
  violations: readonly string[] = [],
): Promise<Counted> {
  if (!isCounted(settings)) return { totals: {}, violated: null }
  const text = totalsQuery(wanted, violations)
  try {
    return countedOf(await client.query({ text, rowMode: 'array', types: asPrinted }), wanted.aggregates)
  } catch (error) {
    const what = `the totals of ${name} could not be computed`
    // Of several the server does not say which one it was.
    const [total, ...others] = Object.keys(wanted.aggregates)
    const place = total === undefined || others.length > 0 ? undefined : places.totals.get(total)
    throw explainFailure(error, { code: 'build', what, file, place })
  }
}

/** `query_canceled` */
const canceled = '57014'

/** When the conditions cannot be asked with the totals, the totals are counted alone. Which one is wrong shows in the tests. */
export async function countWith(
  violations: readonly string[],
  count: (violations: readonly string[]) => Promise<Counted>,
): Promise<Counted> {
  try {
    return await count(violations)
  } catch (error) {
    const isRefused = error instanceof SqlError && error.sqlState !== canceled
    if (violations.length === 0 || !isRefused) throw error
    return { ...(await count([])), violated: null }
  }
}
