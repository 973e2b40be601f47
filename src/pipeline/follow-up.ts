import { toError } from '../errors.ts'
import { forgetFollowUp, listFollowUps } from '../state/follow-ups.ts'
import type { Run } from './run.ts'

type FollowUpRun = Pick<Run, 'engine' | 'state' | 'emit' | 'signal'>

/**
 * Does what swaps have left to be done after them, those of killed runs too. What fails stays noted where a later try may
 * succeed: a foreign key that does not hold now may hold after the next refresh. It never throws: what was published is.
 */
export async function followUp(run: FollowUpRun): Promise<void> {
  try {
    let isOpen = false
    for (const statement of await listFollowUps(run.state)) {
      const result = await run.engine.followUp(statement, run.signal)
      if (typeof result !== 'string') warnOf(run, statement, result)
      // The constraint that is not there to be validated may be one that is made later.
      const staysOpen = typeof result === 'string' ? result === 'gone' && isOpen : !result.isLost
      if (staysOpen) isOpen = true
      else await forgetFollowUp(run.state, statement)
    }
  } catch (error) {
    warn(run, `still to be done after the swap: ${toError(error).message}. ${tryAgain}`)
  }
}

const tryAgain = 'The next refresh or duro cleanup tries again.'

function warnOf(
  run: FollowUpRun,
  statement: string,
  { because, isLost }: { because: string; isLost: boolean },
): void {
  warn(
    run,
    isLost
      ? `could not be done after the swap: ${because} (${statement}). It is not tried again.`
      : `still to be done after the swap: ${because} (${statement}). ${tryAgain}`,
  )
}

const warn = ({ emit }: FollowUpRun, message: string): void =>
  emit({ type: 'warning', isUrgent: true, message })
