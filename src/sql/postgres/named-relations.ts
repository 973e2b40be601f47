import type { ReferenceKind } from '../parser.ts'
import { keywordsThatNeedQuotes } from '../keywords.ts'
import { builtInTypes } from './built-in-types.ts'
import {
  type Node,
  isColumnRef,
  isNode,
  isRangeVar,
  isTypeName,
  locationOf,
  stringOf,
  stringsOf,
} from './nodes.ts'
import { splitQualifiedName } from './qualified-name.ts'

/** A relation that the parse tree names, not yet placed in the text. */
export interface NamedRelation {
  kind: ReferenceKind
  /** One to three parts: `[catalog, schema, name]`, as far as they are written. */
  parts: readonly string[]
  /** In bytes. */
  location: number
  /** Of a regtype: `[]`, as often as the text says it. */
  suffix?: string
}

/** A constant whose text is an array of names, `'{first.cities}'::regclass[]`: each of them stands within it. */
export interface NamedInArray {
  kind: 'array'
  type: LookupType
  /** In bytes. */
  location: number
}

/** What a single node says, apart from the nodes within it. CTEs are the names that hide an unqualified relation. */
export function namedRelations(node: Node, ctes: ReadonlySet<string>): (NamedRelation | NamedInArray)[] {
  const found = isRangeVar(node)
    ? fromRangeVar(node, ctes)
    : isColumnRef(node)
      ? fromColumnRef(node)
      : isTypeName(node)
        ? fromTypeName(node)
        : fromCast(node)
  return found === null ? [] : Array.isArray(found) ? found : [found]
}

function fromRangeVar(node: Node, ctes: ReadonlySet<string>): NamedRelation | null {
  const { catalogname, schemaname, relname } = node
  if (schemaname === undefined && typeof relname === 'string' && ctes.has(relname)) return null
  return named('relation', [catalogname, schemaname, relname], node)
}

/**
 * The server reads `a.b` as table and column and `a.b.c` as schema, table and column, never otherwise; and it finds
 * the table by its identity, so `first.cities.city` is right also after `from cities`. Hence no scope is needed here.
 */
function fromColumnRef(node: Node): NamedRelation | null {
  const fields = Array.isArray(node['fields']) ? node['fields'].slice(0, -1) : []
  if (fields.length < 2) return null
  return named('column-qualifier', fields.map(stringOf), node)
}

function fromTypeName(node: Node): NamedRelation | null {
  const names = stringsOf(node['names'])
  return names === null || isBuiltIn(names) ? null : named('type', names, node)
}

function isBuiltIn(names: readonly string[]): boolean {
  const [first = ''] = names
  if (names.length > 1) return first === 'pg_catalog'
  // The array of a type has its name with an underscore before it.
  const single = first.replace(/^_/, '')
  return builtInTypes.has(single) || single.startsWith('pg_')
}

/** Types whose constants are looked up when a view is created, and bound to what was found. */
type LookupType = 'regclass' | 'regtype'

/**
 * The cast is written `'x'::regclass`, `cast('x' as regclass)`, `regclass 'x'` or `regclass('x')`; that of an array also
 * `array['x']::regclass[]`, whose elements the server casts one by one, and `'{x}'::regclass[]`.
 *
 * Not seen: a plain string in the place of a parameter of type regclass, as in `pg_relation_size('first.cities')`,
 * since only the catalog knows the function (a trial sees it: see `findBound`); and what is looked up when it runs, such
 * as `to_regclass('first.cities')`.
 */
function fromCast(node: Node): (NamedRelation | NamedInArray)[] {
  const cast = castOf(node)
  if (cast === null) return []
  const constants = cast.isArray ? elementsOf(cast.argument) : null
  if (constants !== null) return constants.flatMap((constant) => fromConstant(constant, cast.type) ?? [])
  const found = cast.isArray
    ? fromArrayText(cast.argument, cast.type)
    : fromConstant(cast.argument, cast.type)
  return found === null ? [] : [found]
}

/** The items of `array[…]`, of those within it too; null for anything else. */
function elementsOf(argument: unknown): unknown[] | null {
  const array = isNode(argument) ? (argument['A_ArrayExpr'] ?? null) : null
  if (!isNode(array)) return null
  const elements = Array.isArray(array['elements']) ? array['elements'] : []
  return elements.flatMap((element) => elementsOf(element) ?? [element])
}

function fromConstant(argument: unknown, type: LookupType): NamedRelation | null {
  const constant = stringConstant(argument)
  const named = constant === null ? null : readName(constant.value, type)
  const location = constant === null ? null : locationOf(constant.node)
  return named === null || location === null ? null : { kind: 'literal', ...named, location }
}

function fromArrayText(argument: unknown, type: LookupType): NamedInArray | null {
  const constant = stringConstant(argument)
  const location = constant === null ? null : locationOf(constant.node)
  return location === null ? null : { kind: 'array', type, location }
}

function stringConstant(argument: unknown): { node: Node; value: string } | null {
  const node = isNode(argument) ? argument['A_Const'] : undefined
  const value = isNode(node) && isNode(node['sval']) ? node['sval']['sval'] : undefined
  return isNode(node) && typeof value === 'string' ? { node, value } : null
}

/** The relation that the text of such a constant can mean; null when it means none. */
export function readName(text: string, type: LookupType): Pick<NamedRelation, 'parts' | 'suffix'> | null {
  const [, plain = text, brackets = ''] =
    type === 'regtype' ? (/^([^]*[^\s\]])((?:\s*\[\d*\])+)\s*$/.exec(text) ?? []) : []
  const parts = splitQualifiedName(plain)
  if (parts === null || (type === 'regtype' && !isPlainType(plain, parts))) return null
  const depth = brackets.split(']').length - 1
  return depth === 0 ? { parts } : { parts, suffix: '[]'.repeat(depth) }
}

/** The text of a regtype can be any type, such as `int[]` or `double precision`; only plain names can be relations. */
export function isPlainType(text: string, parts: readonly string[]): boolean {
  const [first = ''] = parts
  const quoted = text.includes('"')
  return (
    !isBuiltIn(parts) &&
    (quoted || (/^[\w$.\s\u0080-\uFFFF]+$/.test(text) && !keywordsThatNeedQuotes.has(first)))
  )
}

interface Cast {
  type: LookupType
  isArray: boolean
  argument: unknown
}

function castOf(node: Node): Cast | null {
  const { TypeCast: cast, FuncCall: call } = node
  if (isNode(cast) && isNode(cast['typeName'])) {
    const { names, arrayBounds } = cast['typeName']
    return lookup(names, [cast['arg']], arrayBounds !== undefined)
  }
  return isNode(call) ? lookup(call['funcname'], call['args'], false) : null
}

function lookup(name: unknown, args: unknown, hasBounds: boolean): Cast | null {
  const names = stringsOf(name)
  const [, underscore = '', type] = /^(_?)(regclass|regtype)$/.exec(names?.at(-1) ?? '') ?? []
  if (type !== 'regclass' && type !== 'regtype') return null
  if (names?.length !== 1 && !(names?.length === 2 && names[0] === 'pg_catalog')) return null
  if (!Array.isArray(args) || args.length !== 1) return null
  return { type, isArray: hasBounds || underscore !== '', argument: args[0] }
}

function named(kind: ReferenceKind, parts: readonly unknown[], node: Node): NamedRelation | null {
  const location = locationOf(node)
  const written = parts.filter((part) => typeof part === 'string')
  return location === null || written.length > 3 ? null : { kind, parts: written, location }
}
