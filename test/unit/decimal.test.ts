import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  countingDigits,
  parseDecimal,
  permille,
  printDecimal,
  subtractDecimals,
  writeApproximate,
} from '../../src/decimal.ts'

function subtract(a: string, b: string): string {
  const [left, right] = [parseDecimal(a), parseDecimal(b)]
  if (left === null || right === null) throw new Error('not a number')
  return printDecimal(subtractDecimals(left, right))
}

describe('parseDecimal', () => {
  test.each([
    ['12', { units: 12n, scale: 0 }],
    ['-0.50', { units: -50n, scale: 2 }],
    ['1e+20', { units: 100_000_000_000_000_000_000n, scale: 0 }],
    ['1.5e-07', { units: 15n, scale: 8 }],
    ['1.', { units: 1n, scale: 0 }],
  ])('%s', (text, decimal) => {
    expect(parseDecimal(text)).toEqual(decimal)
  })

  test.each(['NaN', 'Infinity', '', '2026-01-01', '1,000', '0x10', '1e999999999'])(
    '%s is no number',
    (text) => {
      expect(parseDecimal(text)).toBeNull()
    },
  )

  const decimal = fc.record({ units: fc.bigInt(), scale: fc.integer({ min: 0, max: 40 }) })

  test('reads what printDecimal prints', () => {
    fc.assert(
      fc.property(decimal, (value) => {
        expect(parseDecimal(printDecimal(value))).toEqual(value)
      }),
    )
  })
})

describe('subtractDecimals', () => {
  test.each([
    ['0.3', '0.1', '0.2'],
    ['98765432109876543000.5', '98765432109876543210.55', '-210.05'],
    ['1', '1.00', '0.00'],
    ['-0.05', '0', '-0.05'],
  ])('%s - %s = %s', (a, b, difference) => {
    expect(subtract(a, b)).toBe(difference)
  })

  test('of any size and scale: a - b + b is a', () => {
    const decimal = fc.record({ units: fc.bigInt(), scale: fc.integer({ min: 0, max: 40 }) })
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const back = subtractDecimals(subtractDecimals(a, b), { ...b, units: -b.units })
        expect(back.units).toBe(a.units * 10n ** BigInt(back.scale - a.scale))
      }),
    )
  })
})

describe('permille', () => {
  test.each([
    ['12', '120', 100n],
    ['-60', '100', -600n],
    ['1', '-200', 5n],
    ['0.0005', '1', 1n], // half is rounded away from zero
    ['-0.0005', '1', -1n],
    ['0.0004', '1', 0n],
    ['1', '0', null],
  ])('%s of %s', (change, base, tenths) => {
    expect(permille(parseDecimal(change) ?? never(), parseDecimal(base) ?? never())).toBe(tenths)
  })
})

function never(): never {
  throw new Error('not a number')
}

describe('writeApproximate', () => {
  test.each([
    ['16637872.52888003', 15, '1.66378725288800e+7'],
    ['1e+20', 15, '1.00000000000000e+20'],
    ['0', 6, '0.00000e+0'],
    ['-12.5', 6, '-1.25000e+1'],
    ['NaN', 15, 'NaN'],
    ['-Infinity', 15, '-Infinity'],
  ])('%s with %d digits', (text, digits, written) => {
    expect(writeApproximate(text, digits)).toBe(written)
  })

  test('tells the digits that count', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 1, max: 17 }),
        (number, digits) => {
          expect(countingDigits(writeApproximate(String(number), digits))).toBe(digits)
        },
      ),
    )
  })

  test.each(['12', '-0.5', 'NaN', 'Infinity', '2026-01-01', 'home', ''])('%s is no such number', (text) => {
    expect(countingDigits(text)).toBeNull()
  })
})
