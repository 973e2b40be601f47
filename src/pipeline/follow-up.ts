import { toError } from '../errors.ts'
import { forgetFollowUp, listFollowUps } from '../state/follow-ups.ts'
import type { Run } from './run.ts'

type FollowUpRun = Pick<Run, 'engine' | 'state' | 'emit' | 'signal'>

/**
 * Does what swaps have left to be done after them, those of killed runs too. What fails stays noted: a foreign key that
 * does not hold now may hold after the next refresh. It never throws: what was published is.
 */
export async function followUp(run: FollowUpRun): Promise<void> {
  try {
    let hasFailed = false
    for (const statement of await listFollowUps(run.state)) {
      const result = await run.engine.followUp(statement, run.signal)
      if (typeof result !== 'string') {
        hasFailed = true
        warn(run, `${result.because} (${statement})`)
        // The constraint that is not there to be validated may be the one that could not be made.
      } else if (result === 'done' || !hasFailed) await forgetFollowUp(run.state, statement)
    }
  } catch (error) {
    warn(run, toError(error).message)
  }
}

const warn = ({ emit }: FollowUpRun, what: string): void =>
  emit({
    type: 'warning',
    isUrgent: true,
    message: `still to be done after the swap: ${what}. The next refresh or duro cleanup tries again.`,
  })
