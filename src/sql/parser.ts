/** Half-open range `[start, end)` of UTF-16 code units: what `text.slice(start, end)` takes. */
export interface Span {
  start: number
  end: number
}

/** A place in a statement that names a relation: in `from`, or as the qualifier of a column. */
export interface Reference {
  /** As the engine reads it: folded when unquoted, unescaped when quoted; null when not qualified. */
  schema: string | null
  name: string
  kind: 'relation' | 'column-qualifier'
  /** The whole of `schema.name` as written (with the catalog, when there is one). */
  span: Span
}

export interface ParsedStatement {
  /** The statement without its semicolon, and without comments and white space around it. */
  span: Span
  /** `select` covers `with … select`, `values` and `table x`. */
  kind: 'select' | 'create-table' | 'other'
  /** References to relations outside the statement: no CTE, no alias, no function. In order of their spans. */
  references: readonly Reference[]
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
  /** The text reduced to what matters: without comments, white space and the case of keywords; for comparing definitions. */
  normalise(text: string): string
}
