import { quoteIdentifier } from '../sql/identifiers.ts'
import type { State, StateText } from './state.ts'

/** As text, for the transaction of the swap that they follow. One that is still to be done stands there already. */
export function noteFollowUpStatements(
  { schema, literal }: StateText,
  followUps: readonly string[],
): string[] {
  const table = `${quoteIdentifier(schema)}.follow_ups`
  return followUps.map(
    (statement) =>
      `insert into ${table} (statement) select ${literal(statement)} ` +
      `where not exists (select 1 from ${table} where statement = ${literal(statement)})`,
  )
}

export async function listFollowUps({ db }: State): Promise<string[]> {
  const rows = await db.selectFrom('follow_ups').select('statement').orderBy('statement').execute()
  return rows.map(({ statement }) => statement)
}

export async function forgetFollowUp({ db }: State, statement: string): Promise<void> {
  await db.deleteFrom('follow_ups').where('statement', '=', statement).execute()
}
