import type { DeclaredTest, IndexSettings } from '../project/view-settings.ts'
import type { View } from '../project/view.ts'
import type { EngineName } from '../sql/engine-name.ts'
import { quoteIdentifier, quoteLiteral } from '../sql/identifiers.ts'
import { quoteRedshiftLiteral } from '../sql/redshift/quote-literal.ts'

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
  engine: EngineName = 'postgres',
): CounterexampleQuery {
  switch (test.kind) {
    case 'not_null':
      return {
        name: `not_null(${test.column})`,
        sql: `select * from ${relation} where ${violation(test, engine)}`,
        complaint: `${test.column} is null`,
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
      return {
        name: `accepted_values(${test.column})`,
        sql: timesOfEach(column, `${relation} where ${violation(test, engine)}`, engine),
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
          `(select 1 from ${resolve(test.to)} as parent where parent.${field} = child.${column}) group by child.${column}`,
        complaint: `${test.column} is not in ${test.to}`,
      }
    }
    default:
      return test satisfies never
  }
}

/** Many types of PostgreSQL have no equality to group by, such as json, xml and point; all of them have a text. */
function timesOfEach(column: string, from: string, engine: EngineName): string {
  return engine === 'redshift'
    ? `select ${column}, count(*) as times from ${from} group by ${column}`
    : `select distinct on (${column}::text) ${column}, count(*) over (partition by ${column}::text) as times from ${from}`
}

/** Tests of single rows, which one pass over all rows can answer together. */
export type ScreenedTest = Extract<DeclaredTest, { kind: 'not_null' | 'accepted_values' }>

/** The declared tests of a view that have to be run: those that one pass answers, and the others. */
export interface DeclaredTestPlan {
  screened: readonly ScreenedTest[]
  single: readonly DeclaredTest[]
}

/** @param isNew whether a new version is tested, whose unique indexes were built a moment ago */
export function planDeclaredTests({ settings }: View, isNew: boolean): DeclaredTestPlan {
  const isProven = (test: DeclaredTest): boolean =>
    isNew && settings.materialized !== 'none' && settings.indexes.some((index) => proves(index, test))
  const tests = settings.tests.filter((test) => !isProven(test))
  const screened = tests.filter(isOfSingleRows)
  return { screened, single: tests.filter((test) => !isOfSingleRows(test)) }
}

const isOfSingleRows = (test: DeclaredTest): test is ScreenedTest =>
  test.kind === 'not_null' || test.kind === 'accepted_values'

/** A unique index cannot be built where two rows are alike. */
const proves = ({ unique, where, columns }: IndexSettings, test: DeclaredTest): boolean =>
  test.kind === 'unique' &&
  unique &&
  where === null &&
  columns.toSorted().join() === test.columns.toSorted().join()

/** What the screened tests of a new version look for, as SQL, in their order. */
export function violationsOf(view: View, engine: EngineName): string[] {
  return planDeclaredTests(view, true).screened.map((test) => violation(test, engine))
}

/** One row with a column `test_0`, `test_1`, … for each test: whether there is a counterexample. */
export function screeningQuery(
  tests: readonly ScreenedTest[],
  relation: string,
  engine: EngineName = 'postgres',
): string {
  const columns = tests.map(
    (test, index) => `coalesce(bool_or(${violation(test, engine)}), false) as test_${index}`,
  )
  return `select ${columns.join(', ')} from ${relation}`
}

/** True for a row that does not hold. */
function violation(test: ScreenedTest, engine: EngineName): string {
  const column = quoteIdentifier(test.column)
  if (test.kind === 'not_null') return `${column} is null`
  // Redshift makes no text of a boolean, and cuts what is made `text` after 256 bytes.
  const isBoolean = test.values.every((value) => typeof value === 'boolean')
  if (engine === 'redshift' && isBoolean) return `${column} not in (${test.values.join(', ')})`
  return engine === 'redshift' ? noneOfOnRedshift(column, test.values) : noneOf(column, test.values)
}

type Values = Extract<DeclaredTest, { kind: 'accepted_values' }>['values']

/**
 * Nobody has asked for the column's type. As text, every column can be compared: as a cast gives it, and as it is
 * printed, in which an inet has no mask and a JSON string no quotes. And as JSON, a number equals what is written as one,
 * so that 0.10 is 0.1, and a text never does.
 */
function noneOf(column: string, values: Values): string {
  const numbers = values
    .map(String)
    .filter((text) => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i.test(text))
  const texts = values.map((value) => quoteLiteral(String(value))).join(', ')
  const asJson = [
    // That of a JSON null, which is a value like any other, is no text.
    `coalesce(to_jsonb(${column}) #>> '{}', 'null') not in (${texts})`,
    ...(numbers.length === 0
      ? []
      : [`to_jsonb(${column}) not in (${numbers.map((text) => `'${text}'::jsonb`).join(', ')})`]),
  ]
  return `${column}::text not in (${texts}) and case when ${holdsNoText(column)} then true else ${asJson.join(' and ')} end`
}

/** Two escapes in JSON that together are one character. */
const surrogates = String.raw`\\u[dD][89abAB][[:xdigit:]]{2}\\u[dD][c-fC-F][[:xdigit:]]{2}`
/** NUL, and one of the two without the other. */
const noCharacter = String.raw`\\u(0000|[dD][89a-fA-F])`

/** A column of type json takes any escape; but where one is no character, the server makes no text and no jsonb of it. */
function holdsNoText(column: string): string {
  const text = `${column}::text`
  // Two backslashes are one that escapes nothing; but as text, an array of JSON has each of them twice.
  const escapes =
    `case when pg_typeof(${column}) in ('json'::regtype, 'jsonb'::regtype) ` +
    `then replace(${text}, ${quoteLiteral(String.raw`\\`)}, '') else ${text} end`
  return (
    `strpos(${text}, ${quoteLiteral(String.raw`\u`)}) > 0 and ` +
    `regexp_replace(${escapes}, ${quoteLiteral(surrogates)}, '', 'g') ~ ${quoteLiteral(noCharacter)}`
  )
}

/** There, nothing tells a number from its text: where a number is accepted, so is its text with more zeros behind. */
function noneOfOnRedshift(column: string, values: Values): string {
  const text = `${column}::varchar(65535)`
  const listOf = (some: Values): string => some.map((value) => quoteRedshiftLiteral(String(value))).join(', ')
  const numbers = values.filter((value) => typeof value === 'number' || longDecimal.test(value.toString()))
  return [
    `${text} not in (${listOf(values)})`,
    ...(numbers.length === 0
      ? []
      : [
          `case when ${text} like '%.%' then rtrim(rtrim(${text}, '0'), '.') else ${text} end not in (${listOf(numbers.map(withoutZeros))})`,
        ]),
  ].join(' and ')
}

/** One that JavaScript would round has stayed text. */
const longDecimal = /^-?\d+\.\d{12,}$/

const withoutZeros = (value: Values[number]): string => {
  const text = String(value)
  return longDecimal.test(text) ? text.replace(/\.?0+$/, '') : text
}
