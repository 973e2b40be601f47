import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitText, longestText } from '../../../src/state/fit-text.ts'

test('a text that fits stays as it is', () => {
  expect(fitText('x'.repeat(longestText))).toBe('x'.repeat(longestText))
})

test('a longer one fits after all, says that it is cut, and is told from others that begin in the same way', () => {
  const unit = fc.constantFrom('a', 'é', '京', '😀')
  fc.assert(
    fc.property(fc.string({ unit, minLength: 1, maxLength: 20 }), unit, (part, last) => {
      const long = part.repeat(Math.ceil(longestText / part.length) + 1)
      const fitted = fitText(long)
      expect(Buffer.byteLength(fitted)).toBeLessThanOrEqual(longestText)
      expect(fitted).toContain('-- cut: ')
      expect(fitted).not.toContain('\uFFFD')
      expect(fitText(long + last)).not.toBe(fitted)
      expect(fitText(long)).toBe(fitted)
    }),
    { numRuns: 20 },
  )
})
