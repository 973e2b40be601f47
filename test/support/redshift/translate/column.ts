import { syntaxError } from '../rejection.ts'
import { closing, findOutside, isName, made, matches, type Token } from '../sql/token.ts'
import { shorten } from './lexis.ts'
import { columnType } from './column-type.ts'

export interface Column {
  tokens: Token[]
  name: string
  isDistkey: boolean
  isSortkey: boolean
}

const AFTER_TYPE = [
  'default',
  'identity',
  'generated',
  'encode',
  'distkey',
  'sortkey',
  'collate',
  'not',
  'null',
  'unique',
  'primary',
  'references',
  'check',
  'constraint',
]

/** A column of `create table` or `add column`: what PostgreSQL lacks is read, keys are not enforced. */
export function readColumn(tokens: readonly Token[], table: string): Column {
  const [name] = tokens
  if (!isName(name)) throw syntaxError(name)
  const typeEnd = findOutside(tokens, AFTER_TYPE, 1)
  const kept: Token[] = [name, ...columnType(tokens.slice(1, typeEnd), `${table}.${name.value}`)]
  const column: Column = { tokens: kept, name: shorten(name.value), isDistkey: false, isSortkey: false }
  let at = typeEnd
  while (at < tokens.length) at = readAttribute(tokens, at, column)
  return column
}

/** @returns the index behind the attribute */
function readAttribute(tokens: readonly Token[], at: number, column: Column): number {
  const token = tokens[at]
  switch (token?.kind === 'word' ? token.value : '') {
    case 'default': {
      const end = findOutside(
        tokens,
        AFTER_TYPE.filter((word) => word !== 'null' && word !== 'not'),
        at + 1,
      )
      const cut = endOfDefault(tokens, at + 1, end)
      column.tokens.push(...tokens.slice(at, cut))
      return cut
    }
    case 'identity':
      return readIdentity(tokens, at, at + 1, 'always', column)
    case 'generated':
      if (!matches(tokens, at + 1, 'by', 'default', 'as', 'identity')) throw syntaxError(tokens[at + 1])
      return readIdentity(tokens, at, at + 5, 'by default', column)
    case 'encode':
    case 'collate':
      if (!isName(tokens[at + 1])) throw syntaxError(tokens[at + 1])
      return at + 2
    case 'distkey':
      column.isDistkey = true
      return at + 1
    case 'sortkey':
      column.isSortkey = true
      return at + 1
    case 'not':
      if (!matches(tokens, at + 1, 'null')) throw syntaxError(tokens[at + 1])
      column.tokens.push(...tokens.slice(at, at + 2))
      return at + 2
    case 'null':
    case 'unique':
      return at + 1
    case 'primary':
      if (!matches(tokens, at + 1, 'key')) throw syntaxError(tokens[at + 1])
      // The values need not differ, but null is refused.
      column.tokens.push(made('not null', token))
      return at + 2
    case 'references': {
      const name = matches(tokens, at + 2, '.') ? at + 4 : at + 2
      return matches(tokens, name, '(') ? closing(tokens, name) + 1 : name
    }
    case 'constraint':
      return at + 2
    default:
      throw syntaxError(token)
  }
}

function readIdentity(
  tokens: readonly Token[],
  at: number,
  open: number,
  when: 'always' | 'by default',
  column: Column,
): number {
  const [seed, comma, step] = tokens.slice(open + 1, open + 4)
  if (
    !matches(tokens, open, '(') ||
    seed?.kind !== 'number' ||
    comma?.value !== ',' ||
    step?.kind !== 'number'
  ) {
    throw syntaxError(tokens[open])
  }
  const sql = `generated ${when} as identity (start with ${seed.value} increment by ${step.value})`
  column.tokens.push(made(sql, tokens[at]))
  return closing(tokens, open) + 1
}

/** `default null not null`: the first word belongs to the default in any case. */
function endOfDefault(tokens: readonly Token[], from: number, end: number): number {
  const cut = findOutside(tokens, ['not', 'null'], from + 1)
  return Math.min(cut, end)
}
