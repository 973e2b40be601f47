import { syntaxError } from '../rejection.ts'
import type { Statement } from '../sql/statement.ts'
import { matches } from '../sql/token.ts'
import type { Context } from '../translate/context.ts'

export function checkStatement({ tokens }: Statement, context: Context): void {
  void context
  for (const [at, token] of tokens.entries()) {
    if (matches(tokens, at, 'on', 'conflict')) throw syntaxError(token)
  }
}
