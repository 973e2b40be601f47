import { DuroError, toError } from '../../../errors.ts'
import type { View } from '../../../project/view.ts'
import type { Session } from '../connection/session.ts'

interface LoadError {
  file: string
  line: number | null
  column: string | null
  message: string
}

/** A load that fails says only where to look. @returns what is found there; or the error as it was */
export async function explainLoad(session: Session, view: View, error: unknown): Promise<unknown> {
  if (!/sys_load_error_detail|stl_load_errors/i.test(textOf(error))) return error
  const found = await readLoadError(session).catch(() => null)
  if (found === null) return error
  const { line, column, message } = found
  const place = [
    ...(line === null ? [] : [`line ${line} of an uploaded file`]),
    ...(column ? [`column ${column}`] : []),
  ].join(', ')
  return new DuroError('build', `${view.name} could not be built: ${message.trim()}`, {
    hint: `In the CSV, ${place}. The table is the one in ${view.file.path}.`,
    cause: error,
  })
}

function textOf(error: unknown): string {
  const { message, cause } = toError(error)
  const fields =
    typeof error === 'object' && error !== null
      ? Object.values(error).filter((value) => typeof value === 'string')
      : []
  return [message, ...fields, cause instanceof Error ? cause.message : ''].join(' ')
}

/** Of this session, the last one. It is kept though its transaction was rolled back. */
async function readLoadError(session: Session): Promise<LoadError | null> {
  const [row = null] = await session.query<LoadError & Record<string, unknown>>(
    `select trim(file_name) as file, line_number as line, trim(column_name) as "column",
            trim(error_message) as message
     from sys_load_error_detail where session_id = ${session.pid} order by start_time desc limit 1`,
  )
  return row
}
