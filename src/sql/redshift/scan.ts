import { blockCommentEnd, operatorLength } from '../lexis.ts'
import { SqlSyntaxError } from '../parser.ts'
import { refuseUnsendable } from '../refuse-unsendable.ts'
import type { Token } from '../token.ts'
import { redshiftReservedWords } from './reserved-words.ts'

/*
 * The scanner of PostgreSQL 8.0, which Redshift's is: in it a backslash escapes within plain quotes too. The sdk's own
 * reads `\'` as the end of a string, takes backquotes for names, and tells neither where comments are nor how a word
 * was written; so it is given a text with nothing of the kind in it (see mask.ts), and all words are read here.
 */

const patterns = {
  blank: /[ \t\n\r\f\v]+/y,
  lineComment: /--[^\n\r]*/y,
  name: /[A-Za-z_\u0080-\uFFFF][A-Za-z_0-9$\u0080-\uFFFF]*/y,
  temporary: /#[A-Za-z_\u0080-\uFFFF][A-Za-z_0-9$\u0080-\uFFFF]*/y,
  quotedName: /"(?:[^"]|"")+"/y,
  string: /[EeBbXxNn]?'(?:[^'\\]|''|\\[^])*'/y,
  dollarString: /\$((?:[A-Za-z_\u0080-\uFFFF][A-Za-z_0-9\u0080-\uFFFF]*)?)\$[^]*?\$\1\$/y,
  number: /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y,
  parameter: /\$\d+/y,
  cast: /::/y,
  sign: /[,()[\].;:]/y,
  operator: /[~!@#^&|?+\-*/%<>=]+/y,
}

/** Words that are not reserved, and part of the grammar wherever they are not quoted or beside a dot. */
const clauseWords = new Set(
  'by cube exclude exists fetch over recursive rollup sets values window within'.split(' '),
)

/**
 * All tokens of a text, comments included.
 * @throws SqlSyntaxError
 */
export function scan(text: string): Token[] {
  refuseUnsendable(text, 'Redshift')
  const tokens: Token[] = []
  let previous: Token | undefined
  for (let start = 0; start < text.length;) {
    const blank = match('blank', text, start)
    if (blank !== null) {
      start += blank.length
      continue
    }
    const token = tokenAt(text, start, previous)
    tokens.push(token)
    if (token.kind !== 'comment') previous = token
    start = token.end
  }
  return tokens
}

function tokenAt(text: string, start: number, previous: Token | undefined): Token {
  const token = (kind: Token['kind'], written: string): Token => ({
    start,
    end: start + written.length,
    text: written,
    kind,
  })
  if (text.startsWith('/*', start)) return token('comment', blockComment(text, start))
  const comment = match('lineComment', text, start)
  if (comment !== null) return token('comment', comment)
  const string = match('string', text, start) ?? match('dollarString', text, start)
  if (string !== null) return token('string', string)
  const temporary = mayBeName(previous) ? match('temporary', text, start) : null
  const name = match('quotedName', text, start) ?? temporary ?? match('name', text, start)
  // Behind a dot every word is a name: `first.user`.
  if (name !== null) return token(isKeyword(name) && previous?.text !== '.' ? 'keyword' : 'name', name)
  for (const pattern of ['number', 'parameter', 'cast', 'sign'] as const) {
    const found = match(pattern, text, start)
    if (found !== null) return token('other', found)
  }
  const operator = match('operator', text, start)
  if (operator !== null) return token('other', operator.slice(0, operatorLength(operator)))
  throw new SqlSyntaxError(complaint(text, start), start)
}

function match(pattern: keyof typeof patterns, text: string, start: number): string | null {
  const regex = patterns[pattern]
  regex.lastIndex = start
  return regex.exec(text)?.[0] ?? null
}

function blockComment(text: string, start: number): string {
  const end = blockCommentEnd(text, start)
  if (end === null) throw new SqlSyntaxError('unterminated /* comment', start)
  return text.slice(start, end)
}

/** `#` begins the name of a temporary table, and between two values it is an operator. */
function mayBeName(previous: Token | undefined): boolean {
  if (previous === undefined || previous.kind === 'keyword') return true
  return previous.kind === 'other' && /^[,(.]$/.test(previous.text)
}

function isKeyword(word: string): boolean {
  const folded = word.toLowerCase()
  return redshiftReservedWords.has(folded) || clauseWords.has(folded)
}

function complaint(text: string, start: number): string {
  if (text[start] === "'") return 'unterminated quoted string'
  if (text.startsWith('""', start)) return 'a quoted name cannot be empty'
  if (text[start] === '"') return 'unterminated quoted identifier'
  return `syntax error at or near "${String.fromCodePoint(text.codePointAt(start) ?? 0)}"`
}
