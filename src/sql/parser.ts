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
 * - `literal`: the string in `'first.cities'::regclass` or `::regtype`, bound by the server as well; or one name in
 *   that of `'{first.cities}'::regclass[]`.
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
  /** Of a literal whose text says more than the name, or that stands in the text of another: how a name is written there. */
  quote?: (name: string) => string
}

/** A relation in `from` without an alias: where its name is exchanged for another, it needs one. */
export interface UnaliasedRelation {
  relation: Reference
  /** The offset at which the alias has to be put. */
  aliasAt: number
  /** Whether nothing else in the same `from` is called by its name. */
  alone: boolean
}

/** What stands before a column, `cities` or `first.cities`, and means a relation without an alias. */
export interface Qualifier {
  span: Span
  /** The reference of kind `column-qualifier`; null when only the relation's name is written. */
  reference: Reference | null
  /** The relations that it can mean, innermost first: more than one where it hangs on what is in the search path. */
  meant: readonly MeantRelation[]
}

export interface MeantRelation {
  relation: Reference
  /** Whether the mere name would mean something else in the place of the qualifier. */
  hidden: boolean
}

/** What has to follow when relations get other names, in a dialect in which new versions do. */
export interface Naming {
  unaliased: readonly UnaliasedRelation[]
  qualifiers: readonly Qualifier[]
  /** Every name in the statement; an alias that is none of them is free. */
  taken: ReadonlySet<string>
  /** The dialect's string constants. */
  quoteLiteral: (text: string) => string
}

export interface ParsedStatement {
  /** The statement without its semicolon, and without comments and white space around it. */
  span: Span
  /** `select` covers `with … select`, `values` and `table x`; what also writes or creates is `other`. */
  kind: 'select' | 'create-table' | 'other'
  /** References to relations outside the statement: no CTE, no alias, no function. In order of their spans. */
  references: readonly Reference[]
  /** Such as `$1`. The grammars take them, the servers would not, as nothing gives them a value. */
  parameters: readonly Span[]
  /**
   * The statement reduced to what matters: without comments, and with white space and the case of keywords and
   * unquoted names made equal. For comparing definitions, and for showing what differs.
   */
  normalised: string
  /**
   * Of Redshift: names in `from` that lead into a value, such as `c.orders` behind `customers c`, and that would be
   * relations if nothing before them were called like their schema.
   */
  ways?: readonly Reference[]
  /** Of Redshift. Absent where a new version has the name of the live one, in another schema. */
  naming?: Naming
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
