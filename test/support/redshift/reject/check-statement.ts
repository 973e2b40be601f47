import type { Statement } from '../sql/statement.ts'
import type { Token } from '../sql/token.ts'
import type { Context } from '../translate/context.ts'
import { checkCreate } from './create.ts'
import { checkCursors } from './cursors.ts'
import { checkExpressions } from './expressions.ts'
import { checkFunctions } from './functions.ts'
import { checkKind } from './kinds.ts'
import { checkLeaderOnly } from './leader-only.ts'
import { checkModifying } from './modifying.ts'
import { checkParameters } from './parameters.ts'
import { checkRelations } from './relations.ts'
import { checkSettings } from './settings.ts'
import { checkTransaction } from './transaction.ts'

type Check = (tokens: readonly Token[], context: Context) => void

/** What is wrong with the grammar comes first, as it does when a server reads a statement. */
const CHECKS: readonly Check[] = [
  checkKind,
  checkCreate,
  checkCursors,
  checkModifying,
  checkExpressions,
  checkParameters,
  checkSettings,
  checkTransaction,
  checkRelations,
  checkFunctions,
  checkLeaderOnly,
]

/** @throws Rejection for what PostgreSQL knows and Redshift does not */
export function checkStatement({ tokens }: Statement, context: Context): void {
  for (const check of CHECKS) check(tokens, context)
}
