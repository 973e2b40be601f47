import { appendTo } from '../../../append-to.ts'
import type { DuroError } from '../../../errors.ts'
import type { ViewName } from '../../../project/view.ts'
import { complaintAbout } from '../../complaint-about.ts'
import type { ViewToTry } from '../../engine.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../sql-error.ts'
import { attempt } from './attempt.ts'
import { explainingAny } from './explaining-any.ts'

/**
 * Plans what will be asked of the new versions, within the transaction that has made them: a mistake in a test shows
 * before anything is built for it.
 * @returns the complaints about each view that there are some about
 */
export async function tryQuestions(
  session: Session,
  views: readonly ViewToTry[],
): Promise<ReadonlyMap<ViewName, readonly DuroError[]>> {
  const asked = views.flatMap(({ view, questions }) =>
    questions.map((question) => ({ view, question, statement: explainingAny(question.sql) })),
  )
  // All at once: mostly nothing is wrong with any.
  const texts = asked.map(({ statement }) => statement.text)
  if (asked.length === 0 || (await plan(session, texts.join(';\n'))) === null) return new Map()
  const complaints = new Map<ViewName, DuroError[]>()
  for (const each of asked) {
    const error = await plan(session, each.statement.text)
    if (error === null) continue
    const complaint = complaintAbout(each, each.statement, error, explainFailure)
    if (complaint === null) continue
    appendTo(complaints, each.view.name, complaint)
  }
  return complaints
}

/** Functions that never change are run for it, and may do no more than in a test. @returns what was thrown */
const plan = (session: Session, text: string): Promise<unknown> =>
  attempt(session, async () => {
    await session.query('set local transaction_read_only = on')
    await session.query(text)
  })
