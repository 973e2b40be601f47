/** What Redshift answers to a statement that it does not run. */
export class Rejection extends Error {
  readonly sqlstate: string
  /** Where in the client's text, in UTF-16 units; null: the answer names no place. */
  readonly start: number | null
  readonly hint: string | null

  constructor(
    sqlstate: string,
    message: string,
    options: { start?: number | undefined; hint?: string | undefined } = {},
  ) {
    super(message)
    this.name = 'Rejection'
    this.sqlstate = sqlstate
    this.start = options.start ?? null
    this.hint = options.hint ?? null
  }
}

interface Placed {
  text: string
  start: number
}

export function syntaxError(token: Placed | undefined): Rejection {
  if (token === undefined) return new Rejection('42601', 'syntax error at end of input')
  return new Rejection('42601', `syntax error at or near "${token.text}"`, { start: token.start })
}

export function notSupported(what: string, token?: Placed): Rejection {
  return new Rejection('0A000', `${what} is not supported`, { start: token?.start })
}
