import { ProblemsError } from '../errors.ts'
import type { RunOutcome } from '../events.ts'
import { finishRun } from '../state/runs.ts'
import type { Run } from './run.ts'

/** Writes down how a run ended, whatever happened to it. */
export async function recordEnd(
  run: Pick<Run, 'id' | 'state' | 'clock'>,
  outcome: RunOutcome,
  error: unknown,
): Promise<void> {
  const message = error === null ? null : describe(error)
  await finishRun(run.state, run.id, { finished_at: run.clock(), outcome, error: message })
}

function describe(error: unknown): string {
  if (error instanceof ProblemsError) return error.problems.map((problem) => problem.message).join('; ')
  return error instanceof Error ? error.message : String(error)
}
