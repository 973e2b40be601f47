import { describe, inject } from 'vitest'

/** The test server's version as PostgreSQL numbers it: 180004 is 18.4. */
export function serverVersionNumber(): number {
  return inject('serverVersion')
}

/** A `describe` for servers from a major version on; elsewhere its tests are skipped, and their title says why. */
export function describeFrom(major: number, name: string, tests: () => void): void {
  describeIf(serverVersionNumber() >= major * 10_000, `needs PostgreSQL ${major} or newer`, name, tests)
}

/** A `describe` that runs on a condition; elsewhere its tests are skipped, and their title says why. */
export function describeIf(condition: boolean, reason: string, name: string, tests: () => void): void {
  describe.runIf(condition)(`${name}${condition ? '' : ` (skipped: ${reason})`}`, () => {
    tests()
  })
}
