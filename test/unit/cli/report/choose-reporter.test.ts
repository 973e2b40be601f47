import { expect, test } from 'vitest'
import { chooseReporter } from '../../../../src/cli/report/choose-reporter.ts'

test.each([
  { flags: {}, terminal: true, env: {}, kind: 'terminal' },
  { flags: {}, terminal: false, env: {}, kind: 'plain' },
  { flags: {}, terminal: true, env: { CI: 'true' }, kind: 'plain' },
  { flags: {}, terminal: true, env: { CI: 'false' }, kind: 'terminal' },
  { flags: {}, terminal: false, env: { CI: 'true', GITHUB_ACTIONS: 'true' }, kind: 'github' },
  { flags: { quiet: true }, terminal: false, env: { GITHUB_ACTIONS: 'true' }, kind: 'quiet' },
  { flags: { json: true }, terminal: true, env: { GITHUB_ACTIONS: 'true' }, kind: 'json' },
  { flags: { json: true, quiet: true }, terminal: true, env: {}, kind: 'json' },
])('$flags with terminal $terminal and $env is $kind', ({ flags, terminal, env, kind }) => {
  expect(chooseReporter(flags, terminal, env)).toBe(kind)
})
