import { DuroError } from '../../../errors.ts'

/** @param target host, port and database without credentials */
export function explainConnectionError(error: unknown, target: string): DuroError {
  if (error instanceof DuroError) return error
  const said = error instanceof Error ? error.message : String(error)
  return new DuroError('connection', `cannot connect to ${target}: ${said}`, { cause: error })
}
