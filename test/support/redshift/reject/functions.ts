import { Rejection } from '../rejection.ts'
import { isName, matches, type Token } from '../sql/token.ts'
import type { Context } from '../translate/context.ts'
import { KNOWN_FUNCTIONS } from './known-functions.ts'

/** Behind these stands a name that is no function, though a parenthesis may follow it. */
const BEFORE_NAMES = [
  'table',
  'view',
  'into',
  'exists',
  'references',
  'schema',
  'as',
  'update',
  'copy',
  'with',
  'on',
  'function',
  'procedure',
  'group',
  'to',
]

/** Functions that PostgreSQL brings along and Redshift does not have: `array_agg`, `to_regclass`, `gen_random_uuid` … */
export function checkFunctions(tokens: readonly Token[], { upstream }: Context): void {
  for (const [at, token] of tokens.entries()) {
    if (!isName(token) || !matches(tokens, at + 1, '(')) continue
    const isQualified = matches(tokens, at - 1, '.')
    if (isQualified && !matches(tokens, at - 2, 'pg_catalog')) continue
    if (!isQualified && BEFORE_NAMES.some((word) => matches(tokens, at - 1, word))) continue
    if (!upstream.functions.has(token.value) || KNOWN_FUNCTIONS.has(token.value)) continue
    // The types of the arguments, which a server would name, are not known here.
    throw new Rejection('42883', `function ${token.value}(…) does not exist`, {
      start: token.start,
      hint: 'No function matches the given name and argument types. You may need to add explicit type casts.',
    })
  }
}
