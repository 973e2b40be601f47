import { Rejection } from '../rejection.ts'
import type { Token, TokenKind } from './token.ts'

const OPERATOR = /^[+\-*/<>=~!@#%^&|`?]+/
const NUMBER = /^(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?/
const WORD = /^[\p{L}_\u{80}-\u{10ffff}][\p{L}\p{N}_$\u{80}-\u{10ffff}]*/u
const DOLLAR = /^\$([\p{L}_][\p{L}\p{N}_]*)?\$/u

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** Reads Redshift's tokens: in `'…'` a backslash is an escape, and names fold to lower case even in quotes. */
export function tokenise(sql: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < sql.length) {
    const begin = at
    at = skipBlank(sql, at)
    if (at >= sql.length) break
    const before = sql.slice(begin, at)
    const { kind, value, end } = readToken(sql, at)
    tokens.push({ kind, value, text: sql.slice(at, end), before, start: at, end })
    at = end
  }
  return tokens
}

interface Read {
  kind: TokenKind
  value: string
  end: number
}

function readToken(sql: string, at: number): Read {
  const rest = sql.slice(at)
  const first = rest[0] ?? ''
  if (first === "'") return readString(sql, at)
  if (first === '"') return readQuoted(sql, at)
  if (first === '$') return readDollar(sql, at, rest)
  const number = NUMBER.exec(rest)
  if (number !== null) return { kind: 'number', value: number[0], end: at + number[0].length }
  const word = WORD.exec(rest)
  if (word !== null) return { kind: 'word', value: foldName(word[0]), end: at + word[0].length }
  if (rest.startsWith('::') || rest.startsWith(':=')) return symbol(rest.slice(0, 2), at)
  const operator = OPERATOR.exec(rest)
  return symbol(operator === null ? first : cutOperator(operator[0]), at)
}

function symbol(value: string, at: number): Read {
  return { kind: 'symbol', value, end: at + value.length }
}

/** A comment may begin within what looks like an operator; and only some operators end with a sign. */
function cutOperator(operator: string): string {
  const comment = operator.search(/--|\/\*/)
  let cut = comment > 0 ? operator.slice(0, comment) : operator
  while (cut.length > 1 && /[+-]$/.test(cut) && !/[~!@#%^&|`?]/.test(cut)) cut = cut.slice(0, -1)
  return cut
}

function skipBlank(sql: string, from: number): number {
  let at = from
  for (;;) {
    if (/\s/.test(sql[at] ?? '')) at++
    else if (sql.startsWith('--', at)) {
      const end = sql.indexOf('\n', at)
      at = end < 0 ? sql.length : end
    } else if (sql.startsWith('/*', at)) at = endOfComment(sql, at)
    else return at
  }
}

function endOfComment(sql: string, start: number): number {
  let depth = 0
  for (let at = start; at < sql.length; at++) {
    if (sql.startsWith('/*', at)) {
      depth++
      at++
    } else if (sql.startsWith('*/', at)) {
      at++
      if (--depth === 0) return at + 1
    }
  }
  throw new Rejection('42601', 'unterminated /* comment', { start })
}

function readString(sql: string, start: number): Read {
  let value = ''
  for (let at = start + 1; at < sql.length; at++) {
    const character = sql[at] ?? ''
    if (character === '\\') {
      const [escaped, length] = readEscape(sql.slice(at + 1, at + 4))
      value += escaped
      at += length
    } else if (character !== "'") value += character
    else if (sql[at + 1] === "'") {
      value += "'"
      at++
    } else return { kind: 'string', value, end: at + 1 }
  }
  throw new Rejection('42601', `unterminated quoted string at or near "${sql.slice(start)}"`, { start })
}

/** @returns what the escape stands for, and how many characters behind the backslash belong to it */
function readEscape(behind: string): [string, number] {
  const octal = /^[0-7]{1,3}/.exec(behind)
  if (octal !== null) return [String.fromCharCode(Number.parseInt(octal[0], 8)), octal[0].length]
  const first = behind[0] ?? ''
  return [ESCAPES[first] ?? first, 1]
}

function readQuoted(sql: string, start: number): Read {
  let value = ''
  for (let at = start + 1; at < sql.length; at++) {
    if (sql[at] !== '"') value += sql[at]
    else if (sql[at + 1] === '"') {
      value += '"'
      at++
    } else return { kind: 'quoted', value: foldName(value), end: at + 1 }
  }
  throw new Rejection('42601', `unterminated quoted identifier at or near "${sql.slice(start)}"`, { start })
}

function readDollar(sql: string, start: number, rest: string): Read {
  const parameter = /^\$\d+/.exec(rest)
  if (parameter !== null) return { kind: 'parameter', value: parameter[0], end: start + parameter[0].length }
  const tag = DOLLAR.exec(rest)?.[0]
  if (tag === undefined) return symbol('$', start)
  const end = sql.indexOf(tag, start + tag.length)
  if (end < 0) {
    throw new Rejection('42601', `unterminated dollar-quoted string at or near "${rest}"`, { start })
  }
  return { kind: 'dollar', value: sql.slice(start + tag.length, end), end: end + tag.length }
}

/** Like PostgreSQL, Redshift folds only ASCII letters. */
function foldName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}
