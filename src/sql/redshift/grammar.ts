import { SqlSyntaxError } from '../parser.ts'
import { firstTokenFrom, type Token } from '../token.ts'
import { type Node, isNode } from './nodes.ts'

/** The sdk with its errors made ours. */
export interface Grammar {
  /**
   * The tree of one statement.
   * @param masked the statement in ASCII, see `mask`
   * @param tokens those of the statement without comments, as they are written
   * @throws SqlSyntaxError
   */
  parse(masked: string, tokens: readonly Token[]): Node
}

/** Twenty megabytes of WebAssembly, hence loaded only by who needs it. */
export async function loadGrammar(): Promise<Grammar> {
  const { Dialect, parse: parseText } = await import('@polyglot-sql/sdk')

  function parse(masked: string, tokens: readonly Token[]): Node {
    const result = parseText(masked, Dialect.Redshift)
    const trees: unknown = result.ast
    const tree: unknown = Array.isArray(trees) ? trees[0] : undefined
    if (result.success && isNode(tree)) return tree
    throw syntaxError(result.error ?? '', result.errorStart ?? null, tokens)
  }

  return { parse }
}

/** The sdk names what it has read in words of its own, and the masked text; people know the words of the server. */
function syntaxError(message: string, start: number | null, tokens: readonly Token[]): SqlSyntaxError {
  const offset = tokens[0]?.start ?? 0
  if (/_DEPTH_EXCEEDED|call stack/.test(message)) {
    return new SqlSyntaxError('expressions are nested too deeply', offset)
  }
  const guard = /E_GUARD_\w+/.exec(message)
  if (guard !== null) return new SqlSyntaxError(`the statement is too large (${guard[0]})`, offset)
  const last = tokens.at(-1)
  if (/end of (input|file)/i.test(message)) {
    return new SqlSyntaxError('syntax error at end of input', last?.end ?? offset)
  }
  const at = start === null ? undefined : (tokens[firstTokenFrom(tokens, offset + start)] ?? last)
  if (at === undefined) return new SqlSyntaxError('syntax error', offset)
  return new SqlSyntaxError(`syntax error at or near "${at.text}"`, at.start)
}
