import { expect, test } from 'vitest'
import { fitType } from '../../../../../src/engine/redshift/history/fit-type.ts'

test.each([
  ['integer', 'integer', 'fits'],
  ['character varying(10)', 'character varying(10)', 'fits'],
  ['character varying(20)', 'character varying(10)', 'fits'],
  ['character varying(10)', 'character varying(20)', 'widen'],
  ['integer', 'bigint', 'incompatible'],
  ['character(3)', 'character varying(3)', 'incompatible'],
  ['numeric(10,2)', 'numeric(12,2)', 'incompatible'],
])('%s for %s', (kept, coming, fit) => {
  expect(fitType(kept, coming)).toBe(fit)
})
