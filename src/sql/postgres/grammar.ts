import type { RawStmt, ScanToken } from 'libpg-query'
import { codePointsToUtf16 } from '../locate.ts'
import { SqlSyntaxError } from '../parser.ts'

/** libpg-query with its errors made ours. */
export interface Grammar {
  /** @throws SqlSyntaxError */
  parse(text: string): RawStmt[]
  /** @throws SqlSyntaxError */
  scan(text: string): ScanToken[]
}

/** Two megabytes of WebAssembly, hence loaded only by who needs it. */
export async function loadGrammar(): Promise<Grammar> {
  const { default: pgQuery } = await import('libpg-query')
  await pgQuery.loadModule()

  function parse(text: string): RawStmt[] {
    refuseWhatCannotBeSent(text)
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

  function scan(text: string): ScanToken[] {
    refuseWhatCannotBeSent(text)
    if (text === '') return []
    try {
      return pgQuery.scanSync(text).tokens
    } catch (error) {
      // The scanner does not say where it failed; the parser fails at the same place, and does.
      parse(text)
      throw new SqlSyntaxError(error instanceof Error ? error.message : String(error), 0)
    }
  }

  return { parse, scan }
}

/** A NUL would end the text early, and half a surrogate pair has no bytes in UTF-8. */
function refuseWhatCannotBeSent(text: string): void {
  const offset = text.search(/[\0\uD800-\uDFFF]/u)
  if (offset >= 0) throw new SqlSyntaxError('the text holds a character that PostgreSQL cannot read', offset)
}
