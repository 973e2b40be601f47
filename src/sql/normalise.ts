import { foldIdentifier } from './identifiers.ts'
import type { Token } from './token.ts'

/** Words that begin a clause, and hence a line. */
const clauses = new Set(
  `with select from where group having qualify window order limit offset fetch union except minus intersect
  values`.split(/\s+/),
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
  if (mayTouch(previous, token)) return ''
  // Two strings in a row are one string, and only as long as a line break is between them.
  return previous.kind === 'string' && token.kind === 'string' ? '\n' : ' '
}

/** Where no space is needed to tell the tokens apart, and none is usual: `first.cities`, `sum(x)`, `a[1]`, `'1'::int`. */
function mayTouch(previous: Token, token: Token): boolean {
  if (['(', '['].includes(previous.text) || [')', '[', ']', ',', ';'].includes(token.text)) return true
  if (token.text === '(') return previous.kind === 'name'
  // N'…' is scanned as two tokens, but `n '…'` is another thing: a string of a type called n.
  if (token.kind === 'string') return previous.kind === 'keyword' && /^n$/i.test(previous.text)
  if (token.text === '.') return isWord(previous) || previous.text === ')'
  if (token.text === '::') return previous.kind !== 'other' || /[\w)\]]$/.test(previous.text)
  if (previous.text === '.') return isWord(token) || token.text === '*'
  return previous.text === '::' && isWord(token)
}

function isWord({ kind }: Token): boolean {
  return kind === 'name' || kind === 'keyword'
}

function canonical({ kind, text }: Token): string {
  if (kind === 'keyword') return text.toLowerCase()
  return kind === 'name' && !/^(u&)?"/i.test(text) ? foldIdentifier(text) : text
}
