import type { Session } from '../connection/session.ts'

/** The columns of a relation that are not null, by whatever constraint. */
export async function readNotNull(session: Session, relation: string): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(
    `select attname::text as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attnotnull`,
    [relation],
  )
  return new Set(rows.map(({ name }) => name))
}
