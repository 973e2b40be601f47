import { checkStatement } from '../reject/check-statement.ts'
import type { Statement } from '../sql/statement.ts'
import type { Context } from './context.ts'
import { createTable } from './create-table.ts'
import { createTableAs } from './create-table-as.ts'
import { translateCatalog } from './catalog.ts'
import { translateFunctions } from './functions.ts'
import { translateLexis } from './lexis.ts'
import { visibleStep, type Step } from './step.ts'
import type { Token } from '../sql/token.ts'

/** Takes a kind of statement, or leaves it to the next. */
export type Translator = (
  tokens: readonly Token[],
  context: Context,
) => Step[] | null | Promise<Step[] | null>

const PASSES: readonly ((tokens: readonly Token[]) => readonly Token[])[] = [
  translateLexis,
  translateFunctions,
  translateCatalog,
]

const TRANSLATORS: readonly Translator[] = [createTableAs, createTable]

/**
 * What the PostgreSQL behind the stand-in is to run for a statement.
 * @throws Rejection where Redshift would not run it
 */
export async function translate(statement: Statement, context: Context): Promise<Step[]> {
  checkStatement(statement, context)
  let tokens: readonly Token[] = statement.tokens
  for (const pass of PASSES) tokens = pass(tokens)
  for (const translator of TRANSLATORS) {
    const steps = await translator(tokens, context)
    if (steps !== null) return steps
  }
  return [visibleStep(tokens)]
}
