import { defineConfig } from 'vitest/config'

/** Measurements: run one at a time, on a machine that does nothing else. */
export default defineConfig({
  test: {
    include: ['test/bench/**/*.bench.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    disableConsoleIntercept: true,
    maxWorkers: 1,
    teardownTimeout: 60_000,
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
})
