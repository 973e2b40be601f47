import type { DatabaseError } from 'pg'
import type { DuroError } from '../../errors.ts'
import { explainFailure as explain, type FailedStatement } from '../explain-failure.ts'

/** The server's complaint, with what Redshift's own errors mean for a view. */
export const explainFailure = (error: unknown, failed: FailedStatement): DuroError =>
  explain(error, failed, hintFor)

function hintFor({ hint, code, message }: DatabaseError): string | undefined {
  if (hint !== undefined) return hint
  if (code === '42501') return 'Grant the missing privilege to the user that duro connects as.'
  if (message.startsWith('value too long for'))
    return 'Redshift counts bytes, not characters: cast to a varchar that is long enough.'
  if (/not supported on Redshift tables/i.test(message))
    return 'What only the leader node knows cannot be read together with tables: getdate() takes the place of now().'
  return undefined
}
