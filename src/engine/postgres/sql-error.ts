import type { DatabaseError } from 'pg'
import type { DuroError } from '../../errors.ts'
import { explainFailure as explain, type FailedStatement } from '../explain-failure.ts'

/** The server's complaint, with what PostgreSQL's own errors mean for a view. */
export const explainFailure = (error: unknown, failed: FailedStatement): DuroError =>
  explain(error, failed, hintFor)

function hintFor(error: DatabaseError): string | undefined {
  if (isMissing(error) && error.where?.includes('function'))
    return [searchPathHint, error.hint ?? ''].join(' ').trim()
  if (error.hint !== undefined) return error.hint
  switch (error.code) {
    case '22P05':
      // Anything else that another encoding lacks has no place in the sources of JSON.
      return error.file === 'jsonfuncs.c' ? jsonEscapeHint : undefined
    case '42501':
      return 'Grant the missing privilege to the role that duro connects as, or to the owner of the view.'
    case '3F000':
      return 'Create the schema, or correct its name; duro creates the schemas of views itself.'
    case '53100':
      return 'The disk of the server is full. What was built so far is removed again.'
    default:
      // The server's words for a function may be those of another language.
      return isMissing(error) && error.where !== undefined ? searchPathHint : undefined
  }
}

/** A function or a relation that is not there, or not in the search path. */
const isMissing = ({ code }: DatabaseError): boolean => code === '42883' || code === '42P01'

const jsonEscapeHint =
  'A value of the type json holds an escape, such as \\u0000, that is no text in this database. ' +
  'Let the select of the view take it out: `replace(column::text, …)::json`.'

/** PostgreSQL 17 and newer build with an empty search path, which function bodies feel and selects do not. */
const searchPathHint =
  'A function that a view calls is run with an empty search_path (PostgreSQL 17 and newer). ' +
  'Qualify the names in its body, or `alter function … set search_path = …`.'
