import { keywordsThatNeedQuotes } from '../keywords.ts'
import { blockCommentEnd, operatorLength } from '../lexis.ts'
import type { Token } from '../token.ts'

/**
 * The text's tokens in order, comments included, by the rules of the server's own scanner. libpg-query has that one
 * too, but hands its answer over as JSON, which takes twice as long as parsing.
 * What does not end (a string, a name, a comment) reaches to the end of the text: the grammar refuses such a text.
 */
export function scan(text: string): Token[] {
  const tokens: Token[] = []
  let string: { form: RegExp; end: number } | null = null
  for (let start = spaceEnd(text, 0); start < text.length;) {
    const goesOn = string !== null && /[\n\r]/.test(text.slice(string.end, start)) ? string.form : null
    const { kind, end, form } = readToken(text, start, goesOn)
    tokens.push({ start, end, text: text.slice(start, end), kind })
    if (kind !== 'comment') string = form === undefined ? null : { form, end }
    start = spaceEnd(text, end)
  }
  return tokens
}

interface Scanned {
  kind: Token['kind']
  end: number
  /** Of a string. */
  form?: RegExp
}

// All of them sticky: they match where they are told to, or not at all. Bytes beyond ASCII belong to names.
const SPACE = /[ \t\n\r\f\v]*/y
const LINE_COMMENT = /--[^\n\r]*/y
const WORD = /[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/y
const QUOTED_NAME = /(?:[uU]&)?"(?:[^"]|"")*(?:"|$)/y
const STRING = /(?:[uU]&)?'(?:[^']|'')*(?:'|$)/y
const ESCAPE_STRING = /[eE]?'(?:[^'\\]|\\[^]|'')*(?:'|\\?$)/y
const BIT_STRING = /[bBxX]?'[^']*(?:'|$)/y
const DOLLAR_QUOTE = /\$((?:[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?)\$[^]*?(?:\$\1\$|$)/y
const PARAMETER = /\$\d+/y
// `1..2` are three tokens.
const NUMBER =
  /0[xX](?:_?[\dA-Fa-f])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y
const OPERATOR = /[~!@#^&|`?+\-*/%<>=]+/y
const PAIR = /::|:=|\.\./y

/** @param string how the string was written that goes on behind a line break, if one does */
function readToken(text: string, start: number, string: RegExp | null): Scanned {
  const end = (form: RegExp): number => matchEnd(form, text, start)
  const [first = '', second = ''] = [text[start], text[start + 1]]

  if (first === "'") return { kind: 'string', end: end(string ?? STRING), form: string ?? STRING }
  if (first === '"') return { kind: 'name', end: end(QUOTED_NAME) }
  if (first === '-' && second === '-') return { kind: 'comment', end: end(LINE_COMMENT) }
  if (first === '/' && second === '*')
    return { kind: 'comment', end: blockCommentEnd(text, start) ?? text.length }
  if (second === "'") {
    const form = prefixed[first]
    if (form !== undefined) return { kind: 'string', end: end(form), form }
    // The server reads N'…' as the word `nchar` and a string.
    if (first === 'n' || first === 'N') return { kind: 'keyword', end: start + 1 }
  }
  if (second === '&' && (first === 'u' || first === 'U')) {
    if (text[start + 2] === "'") return { kind: 'string', end: end(STRING), form: STRING }
    if (text[start + 2] === '"') return { kind: 'name', end: end(QUOTED_NAME) }
  }
  const word = end(WORD)
  if (word > start) {
    const reserved = keywordsThatNeedQuotes.has(text.slice(start, word).toLowerCase())
    return { kind: reserved ? 'keyword' : 'name', end: word }
  }
  if (first === '$') {
    const quoted = end(DOLLAR_QUOTE)
    if (quoted > start) return { kind: 'string', end: quoted, form: STRING }
  }
  return { kind: 'other', end: otherEnd(text, start) }
}

const prefixed: Readonly<Record<string, RegExp>> = {
  e: ESCAPE_STRING,
  E: ESCAPE_STRING,
  b: BIT_STRING,
  B: BIT_STRING,
  x: BIT_STRING,
  X: BIT_STRING,
}

function otherEnd(text: string, start: number): number {
  for (const form of [PARAMETER, NUMBER, PAIR]) {
    const end = matchEnd(form, text, start)
    if (end > start) return end
  }
  const end = matchEnd(OPERATOR, text, start)
  return end > start ? start + operatorLength(text.slice(start, end)) : start + 1
}

function spaceEnd(text: string, start: number): number {
  return matchEnd(SPACE, text, start)
}

/** Where a match that begins at the place ends; the place itself when there is none. */
function matchEnd(form: RegExp, text: string, start: number): number {
  form.lastIndex = start
  return form.test(text) ? form.lastIndex : start
}
