import * as z from 'zod'
import { parseDecimal, subtractDecimals } from '../../decimal.ts'
import { DURATION_HINT, parseDuration } from '../duration.ts'
import { maxIdentifierBytes } from '../../sql/identifiers.ts'
import { ScalarNode } from './settings-node.ts'

// The kinds of values that settings are made of. Messages follow the key's name: `concurrency must be …`.

const scalar = z.custom<ScalarNode>(
  (node) => node instanceof ScalarNode && node.value !== null,
  'must be a single value',
)

/** Numbers are welcome as text: a role may be called 007. */
export const freeText = scalar.transform((node) => node.text)

export const text = freeText.refine((value) => value.trim() !== '', 'must not be empty')

/** A name that PostgreSQL would not cut. */
export const identifier = text.refine(
  (value) => Buffer.byteLength(value) <= maxIdentifierBytes,
  `is longer than the ${maxIdentifierBytes} bytes of a name in PostgreSQL`,
)

/** An item of a list that may be edited: more than the `+` or `-`. */
export const listName = text.refine(
  (value) => !/^[+-]\s*$/.test(value),
  'must name something behind the sign',
)

/** The name of an environment variable. */
export const variableName = text.refine((value) => /^[A-Za-z_]\w*$/.test(value), 'must name a variable')

/** `schema.name`. */
export const address = text.refine((value) => /^[^.]+\.[^.]+$/.test(value), 'must be written as schema.name')

/** An object of settings. What is said of an unknown key is the list of the known ones, for the guess. */
export function keys<const T extends z.core.$ZodLooseShape>(shape: T) {
  const known = Object.keys(shape).join(' ')
  const object = z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : undefined),
  })
  // A node is an object too, and must not pass for one with wrong keys.
  return z.preprocess((input) => (input instanceof ScalarNode ? input.text : input), object)
}

export const duration = converted((node) => parseDuration(node.text), 'is not a duration', DURATION_HINT)

/** An interval of nothing would rebuild a view for ever, a timeout of nothing would never let it be built. */
export const positiveDuration = duration.refine((value) => value > 0, 'must be longer than nothing')

export const flag = converted(
  (node) => (typeof node.value === 'boolean' ? node.value : null),
  'must be true or false',
)

export const wholeNumber = converted(
  (node) => (/^[1-9]\d{0,8}$/.test(node.text) ? Number(node.text) : null),
  'must be a whole number of at least 1',
)

/** A value of a column, as a data test compares it. Numbers that JavaScript would round stay text. */
export const columnValue = scalar.transform(({ value, text: written }): string | number | boolean => {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  return value !== null && (Number.isSafeInteger(value) || isExact(value, written)) ? value : written
})

/** Whether a number that is not whole has all the digits that were written. */
function isExact(value: number, written: string): boolean {
  if (!Number.isFinite(value) || value % 1 === 0) return false
  const [kept, wanted] = [parseDecimal(String(value)), parseDecimal(written)]
  return kept === null || wanted === null || subtractDecimals(kept, wanted).units === 0n
}

/** `5%` or `100`. */
export const limit = converted((node) => {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(node.text) ?? []
  if (number === undefined) return null
  return { value: Number(number), unit: percent === '%' ? ('percent' as const) : ('absolute' as const) }
}, 'must be a number or a percentage, such as 100 or 5%')

export function choice<const T extends string>(options: readonly T[]) {
  return converted(
    (node) => options.find((option) => option === node.text) ?? null,
    `must be ${options.slice(0, -1).join(', ')}${options.length > 1 ? ' or ' : ''}${options.at(-1)}`,
  )
}

/** A scalar read by `convert`, which returns null for what it cannot read. */
function converted<T>(convert: (node: ScalarNode) => T | null, message: string, hint?: string) {
  return scalar.transform((node, context): T => {
    const value = convert(node)
    if (value !== null) return value
    context.addIssue({ code: 'custom', message, params: { hint } })
    return z.NEVER
  })
}
