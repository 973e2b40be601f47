import { DatabaseError } from 'pg'
import { DuroError, SqlError, type ErrorCode, type SourceLocation } from '../errors.ts'
import type { Place } from '../project/place.ts'
import type { SqlFile } from '../project/view.ts'
import { codePointsToUtf16, locate } from '../sql/locate.ts'
import type { Rewritten } from '../sql/rewrite.ts'
import { isConnectionLoss } from './connection-loss.ts'

/** A statement that holds a user's select, so that an error in it can be shown where the user wrote it. */
export interface UserStatement {
  sql: Rewritten
  /** The text that was sent. */
  text: string
  /** Where the select begins in it. */
  selectStart: number
}

export interface FailedStatement {
  code: ErrorCode
  /** What could not be done: `first.cities could not be built`. */
  what: string
  /** The user's file that it is about. */
  file: SqlFile | null
  statement?: UserStatement | undefined
  /** Where in the settings it was asked for. */
  place?: Place | undefined
}

/**
 * The server's complaint, or a lost connection, as an error that a person can act on.
 * @param hintFor what one engine knows to say about its own errors
 */
export function explainFailure(
  error: unknown,
  failed: FailedStatement,
  hintFor: (error: DatabaseError) => string | undefined = (complaint) => complaint.hint,
): DuroError {
  if (error instanceof DuroError) return error
  if (isConnectionLoss(error)) {
    return new DuroError('connection', `${failed.what}: the connection to the server was lost`, {
      hint: 'Nothing was published. Run it again when the server is back.',
      cause: error,
    })
  }
  if (!(error instanceof DatabaseError)) {
    const said = error instanceof Error ? error.message : String(error)
    return new DuroError(failed.code, `${failed.what}: ${said}`, { cause: error })
  }
  const location = locationOf(error, failed)
  return new SqlError(failed.code, `${failed.what}: ${error.message}`, {
    sqlState: error.code,
    detail: detailOf(error, location, failed),
    hint: hintFor(error),
    location,
    cause: error,
  })
}

/** The server counts characters from 1, and only in the text that was sent, not within functions. */
function locationOf(error: DatabaseError, { file, statement }: FailedStatement): SourceLocation | undefined {
  if (error.position === undefined || file === null || statement === undefined) return undefined
  const offset = codePointsToUtf16(statement.text, Number(error.position))
  const source = statement.sql.toSource(Math.max(offset - statement.selectStart, 0))
  return { file: file.path, ...locate(file.text, source) }
}

/** `in views/first/cities.yaml:3:5`. */
export const whereIs = ({ file, line, column }: Place): string =>
  `in ${[file, line, column].filter((part) => part !== undefined).join(':')}`

/** An error that comes up while rows are computed has no place in the text; the file still is one. */
function detailOf(
  error: DatabaseError,
  location: SourceLocation | undefined,
  { place, file }: FailedStatement,
): string | undefined {
  const said = error.detail ?? whereInFunction(error) ?? whereInCsv(error)
  if (place !== undefined) return [...(said === undefined ? [] : [said]), whereIs(place)].join('\n')
  return said ?? (location === undefined && file !== null ? `in ${file.path}` : undefined)
}

/** The lines of the server's context that name functions; the rest repeats the statement. */
function whereInFunction(error: DatabaseError): string | undefined {
  if (error.where === undefined) return undefined
  const [first] = error.where.split('\n')
  return first?.includes('function') ? `in ${first}` : undefined
}

/** `COPY countries, line 3, column population: "many"`, of the CSV that a processor or an import wrote. */
function whereInCsv(error: DatabaseError): string | undefined {
  const [place] = (error.where ?? '').split('\n')
  const inCsv = /^COPY .*?, (line \d+.*)$/s.exec(place ?? '')?.[1]
  return inCsv === undefined ? undefined : `in the CSV, ${inCsv}`
}
