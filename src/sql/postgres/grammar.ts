import type { RawStmt } from 'libpg-query'
import { codePointsToUtf16 } from '../locate.ts'
import { SqlSyntaxError } from '../parser.ts'
import { refuseUnsendable } from '../refuse-unsendable.ts'

/** libpg-query with its errors made ours. @throws SqlSyntaxError */
export type Grammar = (text: string) => RawStmt[]

/** Two megabytes of WebAssembly, hence loaded only by who needs it. */
export async function loadGrammar(): Promise<Grammar> {
  const { default: pgQuery } = await import('libpg-query')
  await pgQuery.loadModule()

  return (text) => {
    refuseUnsendable(text, 'PostgreSQL')
    if (text === '') return []
    try {
      return pgQuery.parseSync(text).stmts ?? []
    } catch (error) {
      if (pgQuery.hasSqlDetails(error) && error.sqlDetails !== undefined) {
        const { message, cursorPosition } = error.sqlDetails
        throw new SqlSyntaxError(message, codePointsToUtf16(text, cursorPosition + 1))
      }
      if (error instanceof RangeError) throw new SqlSyntaxError('expressions are nested too deeply', 0)
      throw error
    }
  }
}
