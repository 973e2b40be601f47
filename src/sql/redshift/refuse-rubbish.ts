import { SqlSyntaxError } from '../parser.ts'
import type { Token } from '../token.ts'

/** What can end a list, and hence not stand behind a comma or, in the case of `from`, behind `select`. */
const endings = new Set(
  ') from where group having qualify order limit offset union intersect except minus'.split(' '),
)

/**
 * Complains of what the sdk reads, for the sake of other databases, and no Redshift does.
 * @param tokens of a statement, without comments
 * @throws SqlSyntaxError
 */
export function refuseRubbish(text: string, tokens: readonly Token[]): void {
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1]
    const word = next?.kind === 'name' ? '' : next?.text.toLowerCase()
    if (token.text === ',' && (word === undefined || endings.has(word))) throw errorAt(next, token)
    if (token.kind === 'keyword' && /^(select|distinct)$/i.test(token.text) && word === 'from') {
      if (!isDistinctFrom(tokens, index)) throw errorAt(next, token)
    }
    if (token.kind === 'string' && next?.kind === 'string') {
      if (!/[\n\r]/.test(text.slice(token.end, next.start))) throw errorAt(next, token)
    }
  }
}

/** `is distinct from` and `is not distinct from`. */
function isDistinctFrom(tokens: readonly Token[], index: number): boolean {
  return /^(is|not)$/i.test(tokens[index - 1]?.text ?? '')
}

/** The sdk also takes `from first.cities`, and makes a query of it. */
export function refuseUnlessQuery(tokens: readonly Token[]): void {
  const [first] = tokens
  if (first !== undefined && !/^(select|with|values|\()$/i.test(first.text)) throw errorAt(first, first)
}

function errorAt(token: Token | undefined, last: Token): SqlSyntaxError {
  if (token === undefined) return new SqlSyntaxError('syntax error at end of input', last.end)
  return new SqlSyntaxError(`syntax error at or near "${token.text}"`, token.start)
}
