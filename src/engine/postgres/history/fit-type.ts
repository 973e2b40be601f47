/** Whether values of a type can be kept in a column of another, and if not as it is, what it has to become. */
export type Fit =
  | { kind: 'fits' }
  | {
      kind: 'widen'
      /** The type that holds what is kept and what comes, without any loss. */
      to: string
      /** All rows are written anew for it. */
      rewrites: boolean
    }
  | { kind: 'incompatible' }

interface Type {
  /** Without its modifiers. */
  base: string
  modifiers: readonly number[]
}

const fits: Fit = { kind: 'fits' }
const incompatible: Fit = { kind: 'incompatible' }
const widen = (to: string, rewrites: boolean): Fit => ({ kind: 'widen', to, rewrites })

/** Decimal digits that a value may have. */
const integers: Readonly<Record<string, number>> = { smallint: 5, integer: 10, bigint: 19 }
const texts = ['character', 'character varying', 'text', 'name']
/** Types whose only modifier is a precision. */
const precise = ['time', 'timestamp', 'interval'].flatMap((type) => [
  type,
  `${type} without time zone`,
  `${type} with time zone`,
])

/**
 * Only what loses nothing, now or later, and means the same in every query: numbers stay numbers, texts stay texts.
 * @param kept as `format_type` prints it
 */
export function fitType(kept: string, coming: string): Fit {
  if (kept === coming) return fits
  if (kept.endsWith('[]') && coming.endsWith('[]')) {
    const element = fitType(kept.slice(0, -2), coming.slice(0, -2))
    return element.kind === 'widen' ? widen(`${element.to}[]`, true) : element
  }
  const [one, other] = [parseType(kept), parseType(coming)]
  if (isExact(one) && isExact(other)) return fitNumber(one, other)
  if (one.base === 'double precision' && other.base === 'real') return fits
  if (one.base === 'real' && other.base === 'double precision') return widen(coming, true)
  if (texts.includes(one.base) && texts.includes(other.base)) return fitText(one, other, coming)
  if (one.base === other.base && precise.includes(one.base)) {
    return (one.modifiers[0] ?? 6) >= (other.modifiers[0] ?? 6) ? fits : widen(coming, false)
  }
  return incompatible
}

function parseType(type: string): Type {
  const [, before = type, modifiers, after = ''] = /^([^(]*)\((\d+(?:,-?\d+)?)\)(.*)$/.exec(type) ?? []
  return { base: before + after, modifiers: modifiers?.split(',').map(Number) ?? [] }
}

const isExact = ({ base }: Type): boolean => base === 'numeric' || base in integers

function fitNumber(one: Type, other: Type): Fit {
  const [room, need] = [digitsOf(one), digitsOf(other)]
  if (room.before >= need.before && room.after >= need.after) return fits
  if (one.base in integers && other.base in integers) return widen(other.base, true)
  // Without modifiers it takes every number; from a numeric the rows stay as they are.
  return widen('numeric', one.base !== 'numeric')
}

/** Digits before and after the point. */
function digitsOf({ base, modifiers: [precision, scale = 0] }: Type): { before: number; after: number } {
  const whole = integers[base]
  if (whole !== undefined) return { before: whole, after: 0 }
  if (precision === undefined) return { before: Infinity, after: Infinity }
  return { before: precision - scale, after: scale }
}

function fitText(one: Type, other: Type, coming: string): Fit {
  // The one is padded with spaces, the other cut without a word.
  const odd = (type: Type): boolean => type.base === 'character' || type.base === 'name'
  if (one.base === other.base || !odd(one)) {
    if (lengthOf(one) >= lengthOf(other)) return fits
    return one.base === other.base ? widen(coming, odd(one)) : widen(odd(other) ? 'text' : coming, false)
  }
  return widen('text', true)
}

const lengthOf = ({ base, modifiers: [length] }: Type): number => length ?? (base === 'name' ? 63 : Infinity)
