import type { RawStmt } from 'libpg-query'
import { normaliseTokens } from '../normalise.ts'
import type { ParsedStatement, Reference, SqlParser } from '../parser.ts'
import { firstTokenFrom, type Token } from '../token.ts'
import { type FromBytes, byteOffsets } from './byte-offsets.ts'
import { type Grammar, loadGrammar } from './grammar.ts'
import type { NamedRelation } from './named-relations.ts'
import { type Node, isNode, isRangeVar, locationOf } from './nodes.ts'
import { literalSpan, nameSpan, readTokens } from './tokens.ts'
import { walkStatement } from './walk-statement.ts'

/** The grammar of PostgreSQL 18, the server's own, which also reads what older servers do. */
export async function loadPostgresParser(): Promise<SqlParser> {
  const grammar = await loadGrammar()
  return {
    parse: (text) => parse(grammar, text),
    normalise: (text) => normaliseTokens(readTokens(text, grammar.scan(text))),
  }
}

/** A parsed text: its tokens without comments, and how to place what the tree says in bytes. */
interface Source {
  /** As they are written. */
  written: readonly Token[]
  /** As they are parsed: a string that is continued behind a comment is one token here. */
  tokens: readonly Token[]
  fromBytes: FromBytes
}

/** Scanning takes as long as parsing, so it is done once where once is enough. */
function parse(grammar: Grammar, original: string): ParsedStatement[] {
  const all = readTokens(original, grammar.scan(original))
  const written = all.filter(({ kind }) => kind !== 'comment')
  const text = blankLineComments(original, all)
  const tokens = mayContinueStrings(all) ? readTokens(text, grammar.scan(text)) : written
  const source = { written, tokens: tokens.filter(isNoComment), fromBytes: byteOffsets(text) }
  return grammar.parse(text).flatMap((raw) => parsedStatement(raw, source) ?? [])
}

const isNoComment = ({ kind }: Token): boolean => kind !== 'comment'

/** Whether a comment stands behind a string: then blanking it may join the string with the next. */
const mayContinueStrings = (tokens: readonly Token[]): boolean =>
  tokens.some(({ kind }, index) => kind === 'comment' && tokens[index - 1]?.kind === 'string')

/**
 * PostgreSQL allows a `--` comment between the lines of a continued string, libpg-query does not. Nothing but the
 * comments' characters changes, so offsets stay what they are.
 */
function blankLineComments(text: string, tokens: readonly Token[]): string {
  let blanked = ''
  let end = 0
  for (const comment of tokens.filter((token) => token.kind === 'comment' && token.text.startsWith('--'))) {
    blanked += text.slice(end, comment.start) + ' '.repeat(comment.end - comment.start)
    end = comment.end
  }
  return blanked + text.slice(end)
}

function parsedStatement(raw: RawStmt, source: Source): ParsedStatement | null {
  const { written, tokens, fromBytes } = source
  const from = raw.stmt_location ?? 0
  const first = firstTokenFrom(tokens, fromBytes(from))
  const after = raw.stmt_len ? firstTokenFrom(tokens, fromBytes(from + raw.stmt_len)) : tokens.length
  const [start, end] = [tokens[first]?.start, tokens[after - 1]?.end]
  const node: unknown = raw.stmt
  if (start === undefined || end === undefined || !isNode(node)) return null
  const walk = walkStatement(node)
  const target = targetLocation(node)
  return {
    span: { start, end },
    kind: kindOf(node, walk.writes),
    references: walk.named
      .map((named) => (named.location === target ? { ...named, kind: 'target' as const } : named))
      .flatMap((named) => reference(named, source) ?? [])
      .toSorted((a, b) => a.span.start - b.span.start),
    normalised: normaliseTokens(written.slice(firstTokenFrom(written, start), firstTokenFrom(written, end))),
  }
}

function kindOf(statement: Node, writes: boolean): ParsedStatement['kind'] {
  if ('CreateStmt' in statement) return 'create-table'
  return 'SelectStmt' in statement && !writes ? 'select' : 'other'
}

function targetLocation(statement: Node): number | null {
  const create = statement['CreateStmt']
  const relation = isNode(create) ? create['relation'] : undefined
  return isNode(relation) && isRangeVar(relation) ? locationOf(relation) : null
}

function reference(
  { kind, parts, location }: NamedRelation,
  { tokens, fromBytes }: Source,
): Reference | null {
  const start = fromBytes(location)
  const span = kind === 'literal' ? literalSpan(tokens, start) : nameSpan(tokens, start, parts.length)
  const [name, schema = null, catalog] = parts.toReversed()
  if (span === null || name === undefined) return null
  return { ...(catalog === undefined ? {} : { catalog }), schema, name, kind, span }
}
