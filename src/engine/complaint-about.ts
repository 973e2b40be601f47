import { SqlError, type DuroError } from '../errors.ts'
import type { View } from '../project/view.ts'
import type { Question } from './engine.ts'
import type { FailedStatement, UserStatement } from './explain-failure.ts'

/**
 * What is wrong with a question that the server would not plan.
 * @returns null where that is no mistake in its text
 */
export function complaintAbout(
  { view, question }: { view: View; question: Question },
  statement: UserStatement,
  error: unknown,
  explainFailure: (error: unknown, failed: FailedStatement) => DuroError,
): DuroError | null {
  const { label, file, place } = question
  const what = label.includes(view.name) ? label : `${view.name}: ${label}`
  const explained = explainFailure(error, { code: 'test', what, file, statement, place })
  return explained instanceof SqlError && isAboutTheText(explained) ? explained : null
}

/** Rather than about what the role may do, or about what the server is short of just now. */
const isAboutTheText = ({ sqlState = '' }: SqlError): boolean =>
  (sqlState.startsWith('42') && sqlState !== '42501') || sqlState.startsWith('22')
