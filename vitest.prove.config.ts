import { defineConfig } from 'vitest/config'

/** The proofs in full: minutes each, with targets for times. Their short forms are part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/prove/**/*.prove.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    disableConsoleIntercept: true,
    maxWorkers: 1,
    teardownTimeout: 60_000,
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
})
