import { syntaxError } from '../rejection.ts'
import { isName, matches, type Token } from '../sql/token.ts'
import { literal } from './step.ts'

/** A relation's name as it stands in a statement. */
export interface Named {
  /** The tokens of the name. */
  tokens: readonly Token[]
  schema: string | null
  name: string
  /** The index behind it. */
  end: number
}

export function readRelationName(tokens: readonly Token[], at: number): Named {
  const first = tokens[at]
  if (!isName(first)) throw syntaxError(first)
  const second = tokens[at + 2]
  if (!matches(tokens, at + 1, '.') || !isName(second)) {
    return { tokens: tokens.slice(at, at + 1), schema: null, name: first.value, end: at + 1 }
  }
  return { tokens: tokens.slice(at, at + 3), schema: first.value, name: second.value, end: at + 3 }
}

/** The name as a literal that the server's `::regclass` reads. */
export function regclassLiteral(named: Named): string {
  return literal(named.tokens.map((token) => token.text).join(''))
}
