/** Half-open range `[start, end)` of UTF-16 code units: what `text.slice(start, end)` takes. */
export interface Span {
  start: number
  end: number
}

/**
 * How a statement names a relation:
 * - `relation`: something that is read, as in `from first.cities`.
 * - `column-qualifier`: `first.cities` in `first.cities.city` or `first.cities.*`. It always names a relation that is
 *   also read in the statement, and has to be exchanged together with it.
 * - `type`: the row type of a relation, as in `null::first.cities`. The server binds it to the relation.
 * - `literal`: the string in `'first.cities'::regclass` or `::regtype`, bound by the server as well.
 * - `target`: what a `create table` makes. It is no dependency.
 */
export type ReferenceKind = 'relation' | 'column-qualifier' | 'type' | 'literal' | 'target'

/** A place in a statement that names a relation. */
export interface Reference {
  /** The database in `database.schema.name`; absent when it is not written. */
  catalog?: string
  /** As the engine reads it: folded when unquoted, unescaped when quoted; null when not qualified. */
  schema: string | null
  name: string
  kind: ReferenceKind
  /** The whole of `schema.name` as written (with the catalog, when there is one); of a literal, the literal. */
  span: Span
}

export interface ParsedStatement {
  /** The statement without its semicolon, and without comments and white space around it. */
  span: Span
  /** `select` covers `with … select`, `values` and `table x`; what also writes or creates is `other`. */
  kind: 'select' | 'create-table' | 'other'
  /** References to relations outside the statement: no CTE, no alias, no function. In order of their spans. */
  references: readonly Reference[]
  /**
   * The statement reduced to what matters: without comments, and with white space and the case of keywords and
   * unquoted names made equal. For comparing definitions, and for showing what differs.
   */
  normalised: string
}

/** What the parser refused, and where. */
export class SqlSyntaxError extends Error {
  override readonly name = 'SqlSyntaxError'
  /** Offset into the text, in UTF-16 code units. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** One SQL dialect's grammar. */
export interface SqlParser {
  /** @throws SqlSyntaxError */
  parse(text: string): ParsedStatement[]
}
