import type { Fields } from '../protocol/fields.ts'
import type { Rejection } from '../rejection.ts'
import { render, type Token } from '../sql/token.ts'

/** One statement for the PostgreSQL behind the stand-in, and what becomes of its answer. */
export interface Step {
  tokens: readonly Token[]
  /** `all` goes to the client, `none` is kept from it; `tag`: only that it was done. */
  answer: 'all' | 'tag' | 'none'
  /** What the client is told was done, where that is not what PostgreSQL says. */
  tag?: ((tag: string) => string) | undefined
  /** For `copy … from stdin`: what to send. */
  copyIn?: (() => Buffer) | undefined
  /** Told of every row of the answer. */
  onRow?: ((values: (string | null)[]) => void) | undefined
  /** For `copy … to stdout`: takes what came, before the client learns that it is done. */
  copyOut?: ((content: Buffer) => Promise<void>) | undefined
  /** Says in Redshift's words what PostgreSQL says in its own. */
  onError?: ((fields: Fields) => Promise<Fields>) | undefined
  /** The connection ends when this is done. */
  cut?: boolean
}

export function visibleStep(tokens: readonly Token[], options: Partial<Step> = {}): Step {
  return { tokens, answer: 'all', ...options }
}

/** A statement of which the client learns nothing, unless it fails. */
export function hiddenStep(sql: string): Step {
  return { tokens: sqlTokens(sql), answer: 'none' }
}

/** A statement of the stand-in itself that answers for one of the client. */
export function callStep(sql: string, tag: string): Step {
  return { tokens: sqlTokens(doBlock(`perform ${sql};`)), answer: 'tag', tag: () => tag }
}

/** Fails like the rejection, so that the transaction is left as any error of PostgreSQL's leaves it. */
export function raiseStep(rejection: Pick<Rejection, 'sqlstate' | 'message' | 'start' | 'hint'>): Step {
  const options = [`errcode = ${literal(rejection.sqlstate)}`, `message = ${literal(rejection.message)}`]
  if (rejection.hint !== null) options.push(`hint = ${literal(rejection.hint)}`)
  if (rejection.start !== null) options.push(`column = ${literal(`${PLACE}${rejection.start}`)}`)
  return { tokens: sqlTokens(doBlock(`raise exception using ${options.join(', ')};`)), answer: 'tag' }
}

/** `raise` cannot set a position, so it travels as the name of a column. */
export const PLACE = 'redshift_stand_in_place:'

export function doBlock(body: string): string {
  return `do $redshift_stand_in$ begin ${body} end $redshift_stand_in$`
}

/** As PostgreSQL reads it, with standard_conforming_strings on. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

export function stepSql(step: Step): string {
  return render(step.tokens)
}

function sqlTokens(sql: string): Token[] {
  return [{ kind: 'made', text: sql, value: sql, before: '', start: 0, end: 0 }]
}
