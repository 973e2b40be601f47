import { DuroError } from '../../../errors.ts'
import { SourceRewrittenError } from '../../builder.ts'
import type { SourceName } from '../../sources.ts'
import { findReplaced, readSourceStorage, type SourceStorage } from '../catalog/sources.ts'
import type { Session } from '../connection/session.ts'

/** The moment at which a run reads its sources, open as long as the session is. */
export interface Snapshot {
  session: Session
  /** For `set transaction snapshot`. */
  id: string
  sources: readonly SourceName[]
  /** Where their rows lay at that moment. */
  noted: readonly SourceStorage[]
}

/**
 * Exports a snapshot, and notes where the rows of the sources lie. A TRUNCATE or a rewriting ALTER after that makes
 * builders read no rows, in silence, and so does a new table that is renamed into the place of a source; each of them
 * therefore looks again before it commits. Locking the sources instead would stop whoever loads them, and deadlock: a
 * builder that opens a source later would queue behind the TRUNCATE that waits for us.
 */
export async function exportSnapshot(session: Session, sources: readonly SourceName[]): Promise<Snapshot> {
  const noted = await readSourceStorage(session, sources)
  await session.query('begin isolation level repeatable read read only')
  const [row] = await session.query<{ id: string }>('select pg_export_snapshot() as id')
  if (row === undefined) throw new DuroError('internal', 'the server exported no snapshot')
  return { session, id: row.id, sources, noted }
}

/**
 * Begins a transaction in which a user's select is read, at the run's moment where it has one. Not read only: a select may
 * call functions that are more than that, and where the server itself stores its rows they are let.
 */
export const beginReading = (snapshot: Pick<Snapshot, 'id'> | null): string =>
  snapshot === null
    ? 'begin'
    : `begin isolation level repeatable read; set transaction snapshot '${snapshot.id}'`

/**
 * To be called within the transaction that has read the sources, and so keeps them as they are from then on. Asked in
 * another session: a transaction at the run's moment would be shown the catalog of that moment.
 * @throws SourceRewrittenError
 */
export async function checkSources(
  control: Session,
  { sources, noted }: Pick<Snapshot, 'sources' | 'noted'>,
): Promise<void> {
  const replaced = await findReplaced(control, sources, noted)
  if (replaced.length > 0) throw new SourceRewrittenError(replaced)
}
