import { Rejection } from './rejection.ts'
import { splitStatements, type Statement } from './sql/statement.ts'
import { made } from './sql/token.ts'
import { raiseStep, visibleStep, type Step } from './translate/step.ts'
import { translate, type StatementContext } from './translate/translate.ts'

/** What a client sent, and what is sent on for it. */
export interface Prepared {
  /** The client's text. */
  sql: string
  /** The client's statements. */
  statements: readonly string[]
  /** What runs for each of the statements; where all is rejected, one group that fails. */
  groups: readonly (readonly Step[])[]
  /** Whether a statement is rejected. */
  rejected: boolean
  /** Whether all statements begin or end a transaction, or set something. */
  onlySettles: boolean
}

const SETTLING = new Set(['begin', 'start', 'set', 'commit', 'end', 'rollback', 'abort'])

/** Translates all statements that came together. Like in PostgreSQL, nothing runs when one cannot be read. */
export async function prepare(sql: string, context: Omit<StatementContext, 'alone'>): Promise<Prepared> {
  let statements: Statement[]
  try {
    statements = splitStatements(sql)
  } catch (error) {
    return refused(sql, [sql], rejectionOf(error))
  }
  const texts = statements.map((statement) => statement.text)
  const [, second] = statements
  if (context.prepared && second !== undefined) {
    return refused(
      sql,
      texts,
      new Rejection('42601', 'cannot insert multiple commands into a prepared statement'),
    )
  }
  // Nothing at all: PostgreSQL answers that the query was empty.
  if (statements.length === 0) {
    const nothing = visibleStep([made('', undefined, '')])
    return { sql, statements: [], groups: [[nothing]], rejected: false, onlySettles: true }
  }
  const alone = statements.length === 1
  const groups: Step[][] = []
  let rejected = false
  for (const statement of statements) {
    try {
      const inTransaction = context.inTransaction || !alone
      groups.push(await translate(statement, { ...context, inTransaction, alone }))
    } catch (error) {
      const rejection = rejectionOf(error)
      if (rejection.sqlstate === '42601') {
        return refused(sql, texts, rejection)
      }
      groups.push([raiseStep(rejection)])
      rejected = true
    }
  }
  const onlySettles = statements.every(
    ({ tokens: [first] }) => first !== undefined && SETTLING.has(first.value),
  )
  return { sql, statements: texts, groups, rejected, onlySettles }
}

/** The one statement that answers for the client's. */
export function mainStep(prepared: Prepared): Step {
  const main = prepared.groups.flat().find((step) => step.answer !== 'none')
  if (main === undefined) throw new Error(`nothing answers for ${prepared.sql}`)
  return main
}

function refused(sql: string, statements: readonly string[], rejection: Rejection): Prepared {
  return { sql, statements, groups: [[raiseStep(rejection)]], rejected: true, onlySettles: false }
}

function rejectionOf(error: unknown): Rejection {
  if (error instanceof Rejection) return error
  // A fault of the stand-in itself must not look like one of Redshift's.
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new Rejection('XX000', `the stand-in for Redshift failed: ${reason}`)
}
