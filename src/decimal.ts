/** An exact decimal number of any size: `units / 10 ** scale`. */
export interface Decimal {
  units: bigint
  scale: number
}

/** Doubles reach 1e308; a longer exponent is not a number from a total. */
const largestExponent = 400

/** Reads a number as PostgreSQL prints it, `1e+20` included; null for `NaN`, dates and all other text. */
export function parseDecimal(text: string): Decimal | null {
  const parts = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text.trim())
  if (parts === null) return null
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = parts
  const exponent = Number(exponentText)
  if (Math.abs(exponent) > largestExponent) return null
  const digits = BigInt(`${whole}${fraction}`)
  const scale = fraction.length - exponent
  const units = scale < 0 ? digits * 10n ** BigInt(-scale) : digits
  return { units: sign === '-' ? -units : units, scale: Math.max(0, scale) }
}

/**
 * A number that is not exact, in scientific notation: it has an exponent and just the digits that count
 * (`1.66378725288801e+7`), which no exact one has. What is no finite number stays as it is.
 */
export function writeApproximate(text: string, digits: number): string {
  const number = Number(text)
  return Number.isFinite(number) ? number.toExponential(digits - 1) : text
}

/** How many digits of a number count that `writeApproximate` wrote; null for an exact one. */
export function countingDigits(text: string): number | null {
  const mantissa = /^-?(\d)\.?(\d*)e/i.exec(text)
  return mantissa === null ? null : 1 + (mantissa[2]?.length ?? 0)
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { units: unitsAt(a, scale) - unitsAt(b, scale), scale }
}

export function printDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`
  return `${units < 0n ? '-' : ''}${whole}${fraction}`
}

/** How much `change` is of `base` in tenths of a percent, rounded half away from zero; null when base is 0. */
export function permille(change: Decimal, base: Decimal): bigint | null {
  const scale = Math.max(change.scale, base.scale)
  const divisor = absolute(unitsAt(base, scale))
  if (divisor === 0n) return null
  const dividend = unitsAt(change, scale) * 1000n
  const rounded = (2n * absolute(dividend) + divisor) / (2n * divisor)
  return dividend < 0n ? -rounded : rounded
}

function unitsAt(decimal: Decimal, scale: number): bigint {
  return decimal.units * 10n ** BigInt(scale - decimal.scale)
}

function absolute(number: bigint): bigint {
  return number < 0n ? -number : number
}
