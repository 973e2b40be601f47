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
}

/** What a single node says, apart from the nodes within it. CTEs are the names that hide an unqualified relation. */
export function namedRelation(node: Node, ctes: ReadonlySet<string>): NamedRelation | null {
  if (isRangeVar(node)) return fromRangeVar(node, ctes)
  if (isColumnRef(node)) return fromColumnRef(node)
  if (isTypeName(node)) return fromTypeName(node)
  return fromLiteral(node)
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
  return names.length > 1 ? first === 'pg_catalog' : builtInTypes.has(first)
}

/**
 * A constant that is cast to regclass or regtype is looked up when the view is created, and bound to what was found.
 * The cast is written `'x'::regclass`, `cast('x' as regclass)`, `regclass 'x'` or `regclass('x')`.
 *
 * Not seen: a plain string in the place of a parameter of type regclass, as in `pg_relation_size('first.cities')`,
 * since only the catalog knows the function; and what is looked up when it runs, such as `to_regclass('first.cities')`.
 */
function fromLiteral(node: Node): NamedRelation | null {
  const cast = castOf(node)
  if (cast === null) return null
  const constant = isNode(cast.argument) ? cast.argument['A_Const'] : undefined
  const value = isNode(constant) && isNode(constant['sval']) ? constant['sval']['sval'] : undefined
  if (!isNode(constant) || typeof value !== 'string') return null
  const parts = splitQualifiedName(value)
  if (parts === null || (cast.type === 'regtype' && !isPlainType(value, parts))) return null
  return named('literal', parts, constant)
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

function castOf(node: Node): { type: string; argument: unknown } | null {
  const { TypeCast: cast, FuncCall: call } = node
  if (isNode(cast) && isNode(cast['typeName'])) {
    const type =
      isNode(cast['typeName']) && !('arrayBounds' in cast['typeName']) ? cast['typeName']['names'] : null
    return lookup(type, [cast['arg']])
  }
  return isNode(call) ? lookup(call['funcname'], call['args']) : null
}

function lookup(name: unknown, args: unknown): { type: string; argument: unknown } | null {
  const names = stringsOf(name)
  const type = names?.at(-1)
  if (type !== 'regclass' && type !== 'regtype') return null
  if (names?.length !== 1 && !(names?.length === 2 && names[0] === 'pg_catalog')) return null
  return Array.isArray(args) && args.length === 1 ? { type, argument: args[0] } : null
}

function named(kind: ReferenceKind, parts: readonly unknown[], node: Node): NamedRelation | null {
  const location = locationOf(node)
  const written = parts.filter((part) => typeof part === 'string')
  return location === null || written.length > 3 ? null : { kind, parts: written, location }
}
