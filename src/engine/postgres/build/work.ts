import type { Address } from '../../../sql/identifiers.ts'
import type { BuildOptions, CsvRows, ViewToBuild } from '../../builder.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'
import type { DefaultGrants } from '../catalog/default-grants.ts'
import type { SessionPool } from '../../session-pool.ts'
import type { Session } from '../connection/session.ts'
import type { RelationKind } from '../relation-kind.ts'
import type { Snapshot } from './snapshot.ts'

/** Milliseconds for which a build gives way to whoever has locked a source, and tries again. */
export const patience = 600_000

/** What all views of one run share. */
export interface BuildContext extends Pick<
  BuildOptions,
  'runId' | 'fillTables' | 'usingRows' | 'helping' | 'register' | 'replaceTables'
> {
  workers: SessionPool<Session>
  /** Idle, for cancelling. */
  control: Session
  /** Reads the catalog, with an empty search path. */
  catalog: Session
  /** Null: every view reads the sources when it is built. */
  snapshot: Pick<Snapshot, 'id' | 'sources' | 'noted'> | null
  defaults: DefaultGrants
}

/** One view on its way from its select to a relation with rows, indexes, statistics and grants. */
export interface Work {
  context: BuildContext
  input: ViewToBuild
  /** What its feed made; null: the rows are those of its select. */
  rows: CsvRows | null
  session: Session
  /** Whatever runs on another session has to heed it too. */
  signal: AbortSignal
  kind: RelationKind
  target: Address
  /** The target as SQL. */
  relation: string
  /** What stands under the view's name, of whatever kind; less what a user's own `create table` says anew. */
  live: CapturedRelation | null
  /** All of it, where it is of the kind that is built: then its storage can be taken over. */
  alike: CapturedRelation | null
  /** What the user's own `create table` has made, which may be more than columns; null: there is no such statement. */
  brought: CapturedRelation | null
}
