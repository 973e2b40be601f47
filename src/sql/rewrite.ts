import { type Address, formatAddress, quoteIdentifier, quoteLiteral } from './identifiers.ts'
import type { ParsedStatement, Reference, Span } from './parser.ts'
import { type Edit, renameRelations } from './rename-relations.ts'

/** A statement whose references were exchanged. */
export interface Rewritten {
  text: string
  /** From an offset in `text` to the place in the user's own text that it comes from; the start of what was exchanged. */
  toSource: (offset: number) => number
}

/** A stretch of the new text: copied from the source as it is, or put in the place of something. */
interface Piece {
  /** Where it begins in the new text. */
  start: number
  source: Span
  copied: boolean
}

/**
 * The statement's text, with the references for which `resolve` gives an address exchanged for that address and every
 * other character as it was. Neither the semicolon nor what surrounds the statement is part of it. A relation that gets
 * another name is given its old one as an alias, where the dialect has new versions under new names.
 * @param text the whole text that the statement was parsed from
 * @param statement may have the span of a part of it: then the text is that of the part
 */
export function rewrite(
  text: string,
  statement: ParsedStatement,
  resolve: (reference: Reference) => Address | null,
): Rewritten {
  const pieces: Piece[] = []
  let rewritten = ''
  function add(source: Span, copied: boolean, written: string): void {
    pieces.push({ start: rewritten.length, source, copied })
    rewritten += written
  }

  let { start } = statement.span
  const { end } = statement.span
  const isWithin = ({ span }: Edit): boolean => span.start >= statement.span.start && span.end <= end
  for (const { span, written } of editsOf(statement, resolve).filter(isWithin)) {
    add({ start, end: span.start }, true, text.slice(start, span.start))
    add(span, false, apart(text, span, written))
    start = span.end
  }
  add({ start, end }, true, text.slice(start, end))

  return { text: rewritten, toSource: (offset) => toSource(pieces, offset) }
}

function editsOf(statement: ParsedStatement, resolve: (reference: Reference) => Address | null): Edit[] {
  const { references, naming } = statement
  const exchanged = references.flatMap((reference) => {
    const address = resolve(reference)
    return address === null ? [] : [{ reference, address }]
  })
  const edits = exchanged.map(({ reference, address }) => ({
    span: reference.span,
    written: replacement(reference, address, naming?.quoteLiteral ?? quoteLiteral),
  }))
  return naming === undefined
    ? edits
    : renameRelations(edits, naming, new Map(exchanged.map((each) => [each.reference, each.address])))
}

function replacement(reference: Reference, address: Address, quote: (text: string) => string): string {
  const catalog = reference.catalog === undefined ? '' : `${quoteIdentifier(reference.catalog)}.`
  const name = catalog + formatAddress(address)
  return reference.kind === 'literal' ? (reference.quote ?? quote)(name) : name
}

/**
 * Text may stand right beside a quoted name, as in `from"first"."cities"where`, and an unquoted one would melt into it.
 * A quoted name would melt into `u&` (`u&first.cities.n` is a bitwise and) and into a quoted alias.
 */
function apart(text: string, { start, end }: Span, written: string): string {
  const before = /[\w$&"'\u0080-\uFFFF]$/.test(text.slice(0, start).slice(-1)) ? ' ' : ''
  const after = /^[\w$"'\u0080-\uFFFF]/.test(text.slice(end, end + 1)) ? ' ' : ''
  return before + written + after
}

function toSource(pieces: readonly Piece[], offset: number): number {
  const piece = pieces.findLast(({ start }) => start <= offset) ?? pieces[0]
  if (piece === undefined) return 0
  const { source, copied, start } = piece
  return copied ? Math.min(source.start + Math.max(offset - start, 0), source.end) : source.start
}
