import { expect, test } from 'vitest'

import { fitType } from '../../../../src/engine/postgres/history/fit-type.ts'

const inWords = (kept: string, coming: string): string => {
  const fit = fitType(kept, coming)
  return fit.kind === 'widen' ? `${fit.to}${fit.rewrites ? ', rewritten' : ''}` : fit.kind
}

test.each([
  ['integer', 'integer', 'fits'],
  ['bigint', 'smallint', 'fits'],
  ['smallint', 'integer', 'integer, rewritten'],
  ['integer', 'bigint', 'bigint, rewritten'],
  ['bigint', 'numeric', 'numeric, rewritten'],
  ['integer', 'numeric(12,2)', 'numeric, rewritten'],
  ['numeric', 'bigint', 'fits'],
  ['numeric(10,0)', 'integer', 'fits'],
  ['numeric(9,0)', 'integer', 'numeric'],
  ['numeric(12,2)', 'numeric(10,2)', 'fits'],
  ['numeric(12,2)', 'numeric(12,4)', 'numeric'],
  ['numeric(12,2)', 'numeric', 'numeric'],
  ['real', 'double precision', 'double precision, rewritten'],
  ['double precision', 'real', 'fits'],
  ['double precision', 'numeric', 'incompatible'],
  ['numeric', 'double precision', 'incompatible'],
  ['character varying(10)', 'character varying(20)', 'character varying(20)'],
  ['character varying(10)', 'text', 'text'],
  ['character varying', 'text', 'fits'],
  ['text', 'character varying(5)', 'fits'],
  ['text', 'character(5)', 'fits'],
  ['character varying(3)', 'character(5)', 'text'],
  ['character(5)', 'text', 'text, rewritten'],
  ['character(5)', 'character(8)', 'character(8), rewritten'],
  ['name', 'text', 'text, rewritten'],
  ['timestamp(3) with time zone', 'timestamp with time zone', 'timestamp with time zone'],
  ['timestamp with time zone', 'timestamp(0) with time zone', 'fits'],
  ['timestamp with time zone', 'timestamp without time zone', 'incompatible'],
  ['date', 'timestamp without time zone', 'incompatible'],
  ['integer[]', 'bigint[]', 'bigint[], rewritten'],
  ['integer', 'integer[]', 'incompatible'],
  ['integer', 'text', 'incompatible'],
  ['text', 'integer', 'incompatible'],
  ['public.mood', 'text', 'incompatible'],
  ['public.geometry(Point,4326)', 'public.geometry(Polygon,4326)', 'incompatible'],
])('%s takes %s: %s', (kept, coming, fit) => {
  expect(inWords(kept, coming)).toBe(fit)
})
