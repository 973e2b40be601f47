import { appendTo } from '../../../append-to.ts'
import type { DuroError } from '../../../errors.ts'
import type { ViewName } from '../../../project/view.ts'
import { complaintAbout } from '../../complaint-about.ts'
import type { ViewToTry } from '../../engine.ts'
import { errorCodeOf, isConnectionLoss } from '../../connection-loss.ts'
import { explaining } from '../../explaining.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../explain-failure.ts'
import type { Step } from './run-steps.ts'
import type { Failures } from './view-steps.ts'

/** The statement was: by Ctrl-C, or by the run's time limit. */
const cancelled = '57014'

/**
 * Plans what will be asked of the new versions, where all of them could be made: a mistake in a test shows before
 * anything is built for it.
 * @param complaints gets those of each view that has some
 */
export function questionSteps(
  session: Session,
  views: readonly ViewToTry[],
  failures: Failures,
  complaints: Map<ViewName, DuroError[]>,
): Step[] {
  const asked = views.flatMap(({ view, questions }) => questions.map((question) => ({ view, question })))
  return asked.map((each) => {
    const { view, question } = each
    const statement = explaining(question.sql)
    let isRefused = false
    return {
      isOut: () => isRefused || failures.size > 0,
      run: async () => {
        await session.query(statement.text)
      },
      refuse: (error) => {
        if (errorCodeOf(error) === cancelled || isConnectionLoss(error)) throw error
        isRefused = true
        const complaint = complaintAbout(each, statement, error, explainFailure)
        if (complaint !== null) appendTo(complaints, view.name, complaint)
      },
    }
  })
}
