import { foldIdentifier } from '../identifiers.ts'
import type { Token } from './tokens.ts'

/** Words that begin a clause, and hence a line. */
const clauses = new Set(
  'with select from where group having window order limit offset fetch union except intersect values'.split(
    ' ',
  ),
)

/**
 * Tokens in a form that depends on nothing but them: equal texts have equal tokens, and the other way round. Clauses
 * and the items of their lists begin lines, so that a comparison line by line shows what has changed.
 */
export function normaliseTokens(all: readonly Token[]): string {
  const tokens = all.filter((token) => token.kind !== 'comment')
  while (tokens.at(-1)?.text === ';') tokens.pop()
  let text = ''
  let depth = 0
  let previous: Token | undefined
  // For each open parenthesis, whether a clause has begun in it: only then are its commas between items.
  const inClause = [false]
  for (const token of tokens) {
    const word = canonical(token)
    const begins = token.kind === 'keyword' && clauses.has(word)
    if (word === ')') depth = Math.max(depth - 1, 0)
    if (begins) inClause[depth] = true
    if (previous !== undefined) text += separator(previous, token, begins, inClause[depth] === true, depth)
    text += word
    if (word === '(') {
      depth += 1
      inClause[depth] = false
    }
    previous = token
  }
  return text
}

function separator(previous: Token, token: Token, begins: boolean, inClause: boolean, depth: number): string {
  const line = `\n${'  '.repeat(depth)}`
  if (previous.text === ';' || begins) return line
  if (previous.text === ',' && inClause) return `${line}  `
  // Two strings in a row are one string, and only as long as a line break is between them.
  return previous.kind === 'string' && token.kind === 'string' ? '\n' : ' '
}

function canonical({ kind, text }: Token): string {
  if (kind === 'keyword') return text.toLowerCase()
  return kind === 'name' && !/^(u&)?"/i.test(text) ? foldIdentifier(text) : text
}
