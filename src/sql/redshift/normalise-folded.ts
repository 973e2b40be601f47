import { foldIdentifier } from '../identifiers.ts'
import { normaliseTokens } from '../normalise.ts'
import type { Token } from '../token.ts'

/** As for PostgreSQL; but Redshift folds quoted names too, so those that differ in case are the same. */
export function normaliseFolded(tokens: readonly Token[]): string {
  return normaliseTokens(
    tokens.map((token) => (token.kind === 'name' ? { ...token, text: foldIdentifier(token.text) } : token)),
  )
}
