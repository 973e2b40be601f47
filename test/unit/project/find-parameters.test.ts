import { expect, test } from 'vitest'
import { findParameters } from '../../../src/project/find-parameters.ts'

test('parameters are found where they are', () => {
  expect(findParameters('select $1, a[$2] /* $3 */ + $45')).toEqual([
    { parameter: '$1', offset: 7 },
    { parameter: '$2', offset: 13 },
    { parameter: '$45', offset: 28 },
  ])
})

test.each([
  `select '$1', 'it''s $1', e'\\' $1', U&'$1'`,
  `select "$1", "a""$1" from t`,
  `select a$1, ä$1 from t`,
  `select 1 -- $1`,
  `select /* /* $1 */ $1 */ 1 /*/ $1 */`,
  `select $$ $1 $$, $a$ $1 $$ $1 $a$`,
])('%s has none', (sql) => {
  expect(findParameters(sql)).toEqual([])
})
