import type { Token } from './token.ts'
import { tokenise } from './tokenise.ts'

/** One statement of what a client sent. */
export interface Statement {
  /** The client's text, without the white space around it and without a semicolon. */
  text: string
  /** Without a semicolon; places are those in all that the client sent. */
  tokens: readonly Token[]
}

/** Splits what a client sent at its semicolons. Empty statements are left out, as PostgreSQL does. */
export function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = []
  let tokens: Token[] = []
  const finish = (): void => {
    const [first] = tokens
    if (first !== undefined) {
      statements.push({ text: sql.slice(first.start, tokens.at(-1)?.end), tokens })
    }
    tokens = []
  }
  for (const token of tokenise(sql)) {
    if (token.kind === 'symbol' && token.value === ';') finish()
    else tokens.push(token)
  }
  finish()
  return statements
}
