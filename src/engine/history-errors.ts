import { DuroError } from '../errors.ts'
import type { ViewName } from '../project/view.ts'
import { isConnectionLoss } from './connection-loss.ts'
import type { FailedStatement } from './explain-failure.ts'

/** The views are published, whatever happens to their dated copies. */
export function explainHistoryFailure(
  error: unknown,
  what: string,
  explain: (error: unknown, failed: FailedStatement) => DuroError,
): DuroError {
  if (isConnectionLoss(error)) {
    return new DuroError('connection', `${what}: the connection to the server was lost`, {
      hint: 'The views are published. The next refresh writes the copies that are missing.',
      cause: error,
    })
  }
  return explain(error, { code: 'history', what, file: null })
}

export function notAsPublished(view: ViewName): DuroError {
  return new DuroError('history', `${view} is not the relation that was published`, {
    hint: 'The next refresh publishes it again, and copies that.',
  })
}
