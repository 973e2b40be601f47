import { checkStatement } from '../reject/check-statement.ts'
import { syntaxError } from '../rejection.ts'
import { splitStatements, type Statement } from '../sql/statement.ts'
import type { Token } from '../sql/token.ts'
import { copy } from '../copy/copy.ts'
import { unload } from '../copy/unload.ts'
import { alterTable } from './alter-table.ts'
import { translateCatalog } from './catalog.ts'
import type { Context } from './context.ts'
import { createTableAs } from './create-table-as.ts'
import { createTable } from './create-table.ts'
import { createView, materializedView } from './create-view.ts'
import { translateFunctions } from './functions.ts'
import { cutName, longNames, translateLexis } from './lexis.ts'
import { analyze, grant, lock, truncate, vacuum } from './maintenance.ts'
import { translateQualify } from './qualify.ts'
import { translateSelects } from './selects.ts'
import { settings } from './settings.ts'
import { visibleStep, type Step } from './step.ts'

/** Takes a kind of statement, or leaves it to the next. */
export type Translator = (
  tokens: readonly Token[],
  context: Context,
) => Step[] | null | Promise<Step[] | null>

/** In this order: later ones find the names that earlier ones leave. */
const PASSES: readonly ((tokens: readonly Token[]) => Token[])[] = [
  translateLexis,
  translateSelects,
  translateQualify,
  translateFunctions,
  translateCatalog,
]

const TRANSLATORS: readonly Translator[] = [
  createTableAs,
  createTable,
  alterTable,
  createView,
  materializedView,
  copy,
  unload,
  vacuum,
  analyze,
  truncate,
  lock,
  grant,
  settings,
]

/** What is known before a statement is read. */
export type StatementContext = Omit<Context, 'text' | 'translateQuery'>

/**
 * What the PostgreSQL behind the stand-in is to run for a statement.
 * @throws Rejection where Redshift would not run it
 */
export async function translate(statement: Statement, context: StatementContext): Promise<Step[]> {
  const whole: Context = {
    ...context,
    text: statement.text,
    translateQuery: (sql) => translateQuery(sql, whole),
  }
  checkStatement(statement, whole)
  for (const name of longNames(statement.tokens)) {
    await context.keepLongName(name.short, name.long)
  }
  const tokens = runPasses(statement.tokens)
  for (const translator of TRANSLATORS) {
    const steps = await translator(tokens, whole)
    if (steps !== null) return steps
  }
  return [visibleStep(tokens)]
}

function runPasses(tokens: readonly Token[]): readonly Token[] {
  let changed = tokens.map(cutName)
  for (const pass of PASSES) changed = pass(changed)
  return changed
}

function translateQuery(sql: string, context: Context): readonly Token[] {
  const [query, second] = splitStatements(sql)
  if (query === undefined || second !== undefined) throw syntaxError(second?.tokens[0])
  checkStatement(query, context)
  return runPasses(query.tokens)
}
