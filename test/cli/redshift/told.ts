import { expect } from 'vitest'

import type { FixtureWorld } from '../../support/redshift/fixture-world.ts'

/** What the program printed to stdout; a test fails when it did not end with 0. */
export async function succeed(world: FixtureWorld, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await world.run(...args)
  expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' })
  return stdout
}

/** What `refresh --json` says of totals, by view and total. */
export function totals(json: string): Record<string, { before: unknown; after: unknown }> {
  const events = json
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  return Object.fromEntries(
    events
      .flatMap((event) => (event.type === 'totals-compared' ? event.comparisons : []))
      .map(({ view, total, before, after }) => [`${view} ${total}`, { before, after }]),
  )
}

export const zeros = (differences: Record<string, number>) =>
  Object.fromEntries(Object.keys(differences).map((name) => [name, 0]))
