import { DuroError } from '../../../errors.ts'
import { formatAddress, quoteIdentifier, type Address } from '../../../sql/identifiers.ts'
import { readRelations } from '../catalog/relations.ts'
import { isConflict } from '../conflict.ts'
import type { Session } from '../connection/session.ts'
import { literals } from '../literals.ts'
import { createSessionsTable, sessionsTable } from './noted-sessions.ts'

/** The table whose only row says which run holds the lock, and until when. */
export const leaseTable = (stateSchema: string): Address => ({ schema: stateSchema, name: 'run_lock' })

export const createLeaseTable = (table: Address): string =>
  `create table ${formatAddress(table)} (
     owner varchar(64) not null, label varchar(600) not null, holder varchar(600) not null,
     began_at timestamp not null, expires_at timestamp not null, fence bigint not null)`

/** Looked for before: `if not exists` asks for the right to create also where nothing has to be created. */
export async function makeLeaseTable(session: Session, table: Address): Promise<void> {
  const schema = await session.query(
    `select 1 from pg_namespace where nspname in (${literals([table.schema])})`,
  )
  if (schema.length === 0) {
    try {
      await orMadeByOthers(session.query(`create schema ${quoteIdentifier(table.schema)}`))
    } catch (error) {
      throw new DuroError(
        'preflight',
        `the schema ${table.schema}, for duro's own tables, could not be created`,
        {
          hint: `Let an administrator run: create schema ${quoteIdentifier(table.schema)} authorization <the user that duro connects as>`,
          cause: error,
        },
      )
    }
  }
  const sessions = sessionsTable(table)
  const present = await readRelations(session, [table, sessions])
  if (!present.has(formatAddress(sessions)))
    await orMadeByOthers(session.query(createSessionsTable(sessions)))
  if (!present.has(formatAddress(table))) await orMadeByOthers(session.query(createLeaseTable(table)))
}

/** Another run may begin in this very moment. */
async function orMadeByOthers(making: Promise<unknown>): Promise<void> {
  try {
    await making
  } catch (error) {
    const isThere = error instanceof Error && /already exists|duplicate key/i.test(error.message)
    if (!isThere && !isConflict(error)) throw error
  }
}
