import type { RawStmt } from 'libpg-query'
import { normaliseTokens } from '../normalise.ts'
import { quoteLiteral } from '../identifiers.ts'
import { markTargets } from '../mark-targets.ts'
import { parametersIn } from '../parameters-in.ts'
import type { ParsedStatement, Reference, SqlParser } from '../parser.ts'
import { firstTokenFrom, type Token } from '../token.ts'
import { type FromBytes, byteOffsets } from './byte-offsets.ts'
import { type Grammar, loadGrammar } from './grammar.ts'
import { arrayElements } from './array-elements.ts'
import type { NamedInArray, NamedRelation } from './named-relation.ts'
import { readName } from './read-name.ts'
import { type Node, isNode, isRangeVar, locationOf } from './nodes.ts'
import { scan } from './scan.ts'
import { literalSpan, nameSpan } from './tokens.ts'
import { walkStatement } from './walk-statement.ts'

/** The grammar of PostgreSQL 18, the server's own, which also reads what older servers do. */
export async function loadPostgresParser(): Promise<SqlParser> {
  const grammar = await loadGrammar()
  return { parse: (text) => parse(grammar, text) }
}

/** A parsed text: its tokens without comments, and how to place what the tree says in bytes. */
interface Source {
  tokens: readonly Token[]
  fromBytes: FromBytes
}

function parse(grammar: Grammar, original: string): ParsedStatement[] {
  const all = scan(original)
  const text = blankComments(original, all)
  const source = { tokens: all.filter(({ kind }) => kind !== 'comment'), fromBytes: byteOffsets(text) }
  return grammar(text).flatMap((raw) => parsedStatement(raw, source) ?? [])
}

/**
 * libpg-query stumbles over comments where the grammar looks ahead (`not -- x` and `in`, `nulls -- x` and `first`) and
 * between the parts of a string. Nothing but the comments' characters changes, so offsets stay what they are.
 */
function blankComments(text: string, tokens: readonly Token[]): string {
  let blanked = ''
  let end = 0
  for (const [index, { kind, start, end: commentEnd }] of tokens.entries()) {
    if (kind !== 'comment' || mustStay(tokens, index)) continue
    blanked += text.slice(end, start) + ' '.repeat(commentEnd - start)
    end = commentEnd
  }
  return blanked + text.slice(end)
}

/** Without it a string would go on that does not; or it is the last thing, and perhaps never closed. */
function mustStay(tokens: readonly Token[], comment: number): boolean {
  if (tokens[comment]?.text.startsWith('/*') !== true) return false
  const next = tokens[comment + 1]
  return next === undefined || (next.kind === 'string' && tokens[comment - 1]?.kind === 'string')
}

function parsedStatement(raw: RawStmt, source: Source): ParsedStatement | null {
  const { tokens, fromBytes } = source
  const from = raw.stmt_location ?? 0
  const first = firstTokenFrom(tokens, fromBytes(from))
  const after = raw.stmt_len ? firstTokenFrom(tokens, fromBytes(from + raw.stmt_len)) : tokens.length
  const own = tokens.slice(first, after)
  const [start, end] = [own[0]?.start, own.at(-1)?.end]
  const node: unknown = raw.stmt
  if (start === undefined || end === undefined || !isNode(node)) return null
  const walk = walkStatement(node)
  const target = targetLocation(node)
  return {
    span: { start, end },
    kind: kindOf(node, walk.writes),
    references: markTargets(
      walk.named.flatMap((named) =>
        named.kind === 'array' ? inArray(named, source) : (reference(named, source) ?? []),
      ),
      target === null ? null : fromBytes(target),
    ).toSorted((a, b) => a.span.start - b.span.start),
    parameters: parametersIn(own),
    normalised: normaliseTokens(own),
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
  { kind, parts, location, suffix }: NamedRelation,
  { tokens, fromBytes }: Source,
): Reference | null {
  const start = fromBytes(location)
  const span = kind === 'literal' ? literalSpan(tokens, start) : nameSpan(tokens, start, parts.length)
  const quote = suffix === undefined ? {} : { quote: (name: string) => quoteLiteral(name + suffix) }
  return span === null ? null : referenceTo(parts, { kind, span, ...quote })
}

/** A string of several parts is left alone: an element may stand in two of them. */
function inArray({ type, location }: NamedInArray, { tokens, fromBytes }: Source): Reference[] {
  const start = fromBytes(location)
  const token = tokens[firstTokenFrom(tokens, start)]
  if (token?.start !== start || literalSpan(tokens, start)?.end !== token.end) return []
  return arrayElements(token.text, start).flatMap(({ value, span, write }) => {
    const named = readName(value, type)
    const quote = (name: string): string => write(name + (named?.suffix ?? ''))
    return named === null ? [] : (referenceTo(named.parts, { kind: 'literal', span, quote }) ?? [])
  })
}

function referenceTo(
  parts: readonly string[],
  rest: Pick<Reference, 'kind' | 'span' | 'quote'>,
): Reference | null {
  const [name, schema = null, catalog] = parts.toReversed()
  if (name === undefined) return null
  return { ...(catalog === undefined ? {} : { catalog }), schema, name, ...rest }
}
