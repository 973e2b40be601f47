import { expect, test } from 'vitest'
import { chooseColor } from '../../../src/cli/choose-color.ts'

test.each([
  { terminal: true, env: {}, color: true },
  { terminal: false, env: {}, color: false },
  { terminal: true, env: { TERM: 'dumb' }, color: false },
  { terminal: true, env: { NO_COLOR: '1' }, color: false },
  { terminal: true, env: { NO_COLOR: '' }, color: true },
  { terminal: false, env: { FORCE_COLOR: '1' }, color: true },
  { terminal: true, env: { FORCE_COLOR: '0' }, color: false },
  { terminal: true, env: { FORCE_COLOR: '1', NO_COLOR: '1' }, color: false },
])('a terminal ($terminal) with $env has colours: $color', ({ terminal, env, color }) => {
  expect(chooseColor(terminal, env)).toBe(color)
})

test('--no-color wins over FORCE_COLOR', () => {
  expect(chooseColor(true, { FORCE_COLOR: '1' }, { noColor: true })).toBe(false)
})
