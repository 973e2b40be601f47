import { syntaxError } from '../rejection.ts'
import { findOutside, indexOf, matches, type Token } from '../sql/token.ts'

/** What Redshift's `insert`, `update`, `delete` and `merge` lack. */
export function checkModifying(tokens: readonly Token[]): void {
  const changing = /^(insert|update|delete|merge|with)$/.test(tokens[0]?.value ?? '')
  if (!changing) return
  for (const phrase of ['on conflict', 'returning', 'overriding']) {
    const at = findOutside(tokens, [phrase], 1)
    // A column may be called so.
    const isName = matches(tokens, at - 1, '.') || matches(tokens, at - 1, 'as')
    if (at < tokens.length && !isName) throw syntaxError(tokens[at])
  }
  for (const word of ['insert', 'update', 'delete', 'merge']) {
    const inside = indexOf(tokens, ['as', '(', word])
    if (inside >= 0) throw syntaxError(tokens[inside + 2])
  }
  if (matches(tokens, 0, 'with')) {
    const main = findOutside(tokens, ['insert', 'update', 'delete', 'merge'], 1)
    if (main < tokens.length) throw syntaxError(tokens[main])
  }
}
