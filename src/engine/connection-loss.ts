/** Whether an error means that the session is gone, rather than that a statement failed. */
export function isConnectionLoss(error: unknown): boolean {
  const code = errorCodeOf(error)
  if (code !== null && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E')) {
    return code.startsWith('08') || code.startsWith('57P')
  }
  return (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === 'ETIMEDOUT' ||
    (error instanceof Error && /connection (terminated|error|ended)|not queryable/i.test(error.message))
  )
}

/** The server's five characters, or node's name for what went wrong. */
export function errorCodeOf(error: unknown): string | null {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCodeOf(error.errors[0])
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code
  }
  return null
}
