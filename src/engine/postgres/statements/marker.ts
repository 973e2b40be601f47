import { quoteLiteral } from '../../../sql/identifiers.ts'

/** Says, on the relation itself, that duro made it and why; the comment that belongs there waits inside. */
export interface Marker {
  place: 'new' | 'old'
  run: string
  comment: string | null
  /** What it has got since it was built, to catch up with the live version. */
  caughtUp?: CaughtUp
}

/** By their names. */
export interface CaughtUp {
  indexes: readonly string[]
  statistics: readonly string[]
}

const prefix = 'duro:'

export function formatMarker(marker: Marker): string {
  return prefix + JSON.stringify(marker)
}

/** Null: the comment is a person's. */
export function parseMarker(comment: string | null): Marker | null {
  if (comment === null || !comment.startsWith(prefix)) return null
  try {
    const value: unknown = JSON.parse(comment.slice(prefix.length))
    return isMarker(value) ? value : null
  } catch {
    return null
  }
}

function isMarker(value: unknown): value is Marker {
  if (typeof value !== 'object' || value === null) return false
  if (!('place' in value && 'run' in value && 'comment' in value)) return false
  const { place, run, comment } = value
  return (
    (place === 'new' || place === 'old') &&
    typeof run === 'string' &&
    (comment === null || typeof comment === 'string') &&
    (!('caughtUp' in value) || isCaughtUp(value.caughtUp))
  )
}

function isCaughtUp(value: unknown): value is CaughtUp {
  if (typeof value !== 'object' || value === null) return false
  if (!('indexes' in value && 'statistics' in value)) return false
  return [value.indexes, value.statistics].every(
    (names) => Array.isArray(names) && names.every((name) => typeof name === 'string'),
  )
}

/** @param kind as `comment on` names it */
export function commentStatement(kind: string, relation: string, comment: string | null): string {
  return `comment on ${kind} ${relation} is ${comment === null ? 'null' : quoteLiteral(comment)}`
}

/** The comment of a schema that duro made for new or old versions. */
export const schemaMarker = `${prefix}${JSON.stringify({ schema: 'shadow' })}`

export const parseSchemaMarker = (comment: string | null): boolean => comment === schemaMarker
