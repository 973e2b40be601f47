import { ProblemsError, ProgramError, SqlError, DuroError } from '../../errors.ts'

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/**
 * What JSON can hold of a value, without loss where that is possible: big integers and numbers that
 * JSON lacks as strings, dates in ISO 8601, bytes as PostgreSQL writes them, errors with all their fields.
 */
export function toJsonValue(
  value: unknown,
  mapString: (text: string) => string = (text) => text,
  parents: readonly object[] = [],
): JsonValue {
  if (typeof value === 'string') return mapString(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return null
  if (parents.includes(value)) return null // a cycle

  const inside = [...parents, value]
  const convert = (inner: unknown): JsonValue => toJsonValue(inner, mapString, inside)
  if (value instanceof Error) return convert(errorFields(value))
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  if (value instanceof Map) return convert(Object.fromEntries(value))
  if (Array.isArray(value) || value instanceof Set) return [...value].map(convert)
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(fields.map(([key, field]) => [key, convert(field)]))
}

/** The documented shape of an error in JSON; fields that it does not have are left out. */
function errorFields(error: Error): Record<string, unknown> {
  return {
    code: error instanceof DuroError ? error.code : 'internal',
    message: error.message,
    hint: error instanceof DuroError ? error.hint : undefined,
    ...(error instanceof SqlError
      ? { sqlState: error.sqlState, detail: error.detail, location: error.location }
      : {}),
    output: error instanceof ProgramError ? error.output : undefined,
    problems: error instanceof ProblemsError ? error.problems : undefined,
    errors: error instanceof AggregateError ? error.errors : undefined,
    cause: error.cause,
  }
}
