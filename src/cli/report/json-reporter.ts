import type { Output } from '../output.ts'
import type { ReportContext, Reporter } from './reporter.ts'

/** Raised when a field changes its meaning or goes away; new fields and new types may come without. */
export const jsonVersion = 1

/** For programs: an object per event, on a line each, on stdout; durations in milliseconds. */
export function createJsonReporter(output: Output, context: ReportContext): Reporter {
  const write = (fields: object): void =>
    output.json({ version: jsonVersion, time: context.now().toISOString(), ...fields })
  return {
    emit: write,
    error: (error) =>
      write({ type: 'error', error: error instanceof Error ? error : new Error(String(error)) }),
    close: () => undefined,
  }
}
