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
}

/** Translates all statements that came together. Like in PostgreSQL, nothing runs when one cannot be read. */
export async function prepare(sql: string, context: Omit<StatementContext, 'alone'>): Promise<Prepared> {
  let statements: Statement[]
  try {
    statements = splitStatements(sql)
  } catch (error) {
    return { sql, statements: [sql], groups: [[raiseStep(rejectionOf(error))]], rejected: true }
  }
  const texts = statements.map((statement) => statement.text)
  const [, second] = statements
  if (context.prepared && second !== undefined) {
    const rejection = new Rejection('42601', 'cannot insert multiple commands into a prepared statement')
    return { sql, statements: texts, groups: [[raiseStep(rejection)]], rejected: true }
  }
  // Nothing at all: PostgreSQL answers that the query was empty.
  if (statements.length === 0) {
    return { sql, statements: [], groups: [[visibleStep([made('', undefined, '')])]], rejected: false }
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
        return { sql, statements: texts, groups: [[raiseStep(rejection)]], rejected: true }
      }
      groups.push([raiseStep(rejection)])
      rejected = true
    }
  }
  return { sql, statements: texts, groups, rejected }
}

function rejectionOf(error: unknown): Rejection {
  if (error instanceof Rejection) return error
  // A fault of the stand-in itself must not look like one of Redshift's.
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new Rejection('XX000', `the stand-in for Redshift failed: ${reason}`)
}
