import type { NamedInArray, NamedRelation } from './named-relation.ts'
import { type Node, isNode, locationOf, stringsOf } from './nodes.ts'
import { type LookupType, readName } from './read-name.ts'

/**
 * The cast is written `'x'::regclass`, `cast('x' as regclass)`, `regclass 'x'` or `regclass('x')`; that of an array also
 * `array['x']::regclass[]`, whose elements the server casts one by one, and `'{x}'::regclass[]`.
 *
 * Not seen: a plain string in the place of a parameter of type regclass, as in `pg_relation_size('first.cities')`,
 * since only the catalog knows the function (a trial sees it: see `findBound`); and what is looked up when it runs, such
 * as `to_regclass('first.cities')`.
 */
export function fromCast(node: Node): readonly (NamedRelation | NamedInArray)[] | null {
  const cast = castOf(node)
  if (cast === null) return null
  const constants = cast.isArray ? elementsOf(cast.argument) : null
  if (constants !== null) return constants.flatMap((constant) => fromConstant(constant, cast.type) ?? [])
  const found = cast.isArray
    ? fromArrayText(cast.argument, cast.type)
    : fromConstant(cast.argument, cast.type)
  return found === null ? null : [found]
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
  const name = constant === null ? null : readName(constant.value, type)
  const location = constant === null ? null : locationOf(constant.node)
  return name === null || location === null ? null : { kind: 'literal', ...name, location }
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
