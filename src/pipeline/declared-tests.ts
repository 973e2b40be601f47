import type { DeclaredTest } from '../project/view-settings.ts'
import { quoteIdentifier, quoteLiteral } from '../sql/identifiers.ts'

/** A declared test as a question for the rows that do not hold: none is what a good view answers. */
export interface CounterexampleQuery {
  /** `not_null(customer)`. */
  name: string
  sql: string
  /** What a found row means. */
  complaint: string
}

/**
 * @param relation the view's version, as SQL
 * @param resolve the relation that a name in `relationships` stands for, as SQL
 */
export function counterexamples(
  test: DeclaredTest,
  relation: string,
  resolve: (name: string) => string,
): CounterexampleQuery {
  switch (test.kind) {
    case 'not_null': {
      const column = quoteIdentifier(test.column)
      return {
        name: `not_null(${test.column})`,
        sql: `select * from ${relation} where ${column} is null`,
        complaint: `${test.column} is null`,
      }
    }
    case 'unique': {
      const columns = test.columns.map(quoteIdentifier).join(', ')
      const present = test.columns.map((column) => `${quoteIdentifier(column)} is not null`).join(' and ')
      return {
        name: `unique(${test.columns.join(', ')})`,
        sql: `select ${columns}, count(*) as times from ${relation} where ${present} group by ${columns} having count(*) > 1`,
        complaint: 'the same more than once',
      }
    }
    case 'accepted_values': {
      const column = quoteIdentifier(test.column)
      const values = test.values.map((value) => quoteLiteral(String(value))).join(', ')
      return {
        name: `accepted_values(${test.column})`,
        sql: `select ${column}, count(*) as times from ${relation} where ${column}::text not in (${values}) group by ${column}`,
        complaint: `${test.column} is none of ${test.values.map(String).join(', ')}`,
      }
    }
    case 'relationships': {
      const column = quoteIdentifier(test.column)
      const field = quoteIdentifier(test.field)
      return {
        name: `relationships(${test.column} → ${test.to}.${test.field})`,
        sql:
          `select child.${column}, count(*) as times from ${relation} as child ` +
          `where child.${column} is not null and not exists ` +
          `(select from ${resolve(test.to)} as parent where parent.${field} = child.${column}) group by child.${column}`,
        complaint: `${test.column} is not in ${test.to}`,
      }
    }
    default:
      return test satisfies never
  }
}
