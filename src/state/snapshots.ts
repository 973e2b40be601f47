import { quoteIdentifier } from '../sql/identifiers.ts'
import type { SnapshotsTable } from './schema.ts'
import type { State, StateText } from './state.ts'

export type Snapshot = SnapshotsTable

/** The dated copies that are still to be written, oldest first. */
export async function listPendingSnapshots({ db }: State): Promise<Snapshot[]> {
  return db
    .selectFrom('snapshots')
    .selectAll()
    .where('outcome', 'is', null)
    .orderBy('taken_at')
    .orderBy('run_id')
    .execute()
}

/** All that is known of the copies of a view, newest first. */
export async function listSnapshots({ db }: State, view: string): Promise<Snapshot[]> {
  return db.selectFrom('snapshots').selectAll().where('view', '=', view).orderBy('taken_at', 'desc').execute()
}

/** The copies of a view that were written and are older than a time. */
export async function listWrittenBefore({ db }: State, view: string, before: Date): Promise<Snapshot[]> {
  return db
    .selectFrom('snapshots')
    .selectAll()
    .where('view', '=', view)
    .where('outcome', '=', 'written')
    .where('taken_at', '<', before)
    .execute()
}

/** When the newest copy of each of these views was taken; a view without any has no entry. */
export async function readLastSnapshots(
  { db }: State,
  views: readonly string[],
  outcomes: 'written' | 'written or pending',
): Promise<ReadonlyMap<string, Date>> {
  if (views.length === 0) return new Map()
  const rows = await db
    .selectFrom('snapshots')
    .select(({ fn }) => ['view', fn.max('taken_at').as('taken_at')])
    .where('view', 'in', views)
    .where((where) =>
      outcomes === 'written'
        ? where('outcome', '=', 'written')
        : where.or([where('outcome', '=', 'written'), where('outcome', 'is', null)]),
    )
    .groupBy('view')
    .execute()
  return new Map(rows.map((row) => [row.view, row.taken_at]))
}

/** A copy of a plain view, which no publication brings about. */
export async function insertSnapshot(
  { db }: State,
  snapshot: Pick<Snapshot, 'view' | 'run_id' | 'taken_at'>,
): Promise<void> {
  await db.insertInto('snapshots').values(snapshot).execute()
}

export async function markMissed({ db }: State, { view, run_id }: Snapshot): Promise<void> {
  await db
    .updateTable('snapshots')
    .set({ outcome: 'missed' })
    .where('view', '=', view)
    .where('run_id', '=', run_id)
    .execute()
}

/** Nobody asks for the copy any more. */
export async function forgetSnapshot({ db }: State, { view, run_id }: Snapshot): Promise<void> {
  await db.deleteFrom('snapshots').where('view', '=', view).where('run_id', '=', run_id).execute()
}

/** Decides on copies of what a run publishes; for the transaction of the swap. One that is known stays as it is. */
export function dueStatements(
  { schema, literal }: StateText,
  runId: string,
  views: readonly string[],
): string[] {
  if (views.length === 0) return []
  const names = views.map((view) => literal(view)).join(', ')
  return [
    `insert into ${table(schema)} (view, run_id, taken_at)
     select built.view, built.run_id, built.build_began_at
     from ${quoteIdentifier(schema)}.view_runs as built
     where built.run_id = ${literal(runId)} and built.view in (${names})
       and not exists (select 1 from ${table(schema)} as known
                       where known.view = built.view and known.run_id = built.run_id)`,
  ]
}

/** Takes a copy on itself: changes one row, and none when somebody else has written the copy. */
export function claimStatement(
  { schema, literal }: StateText,
  { view, run_id }: Pick<Snapshot, 'view' | 'run_id'>,
  takenAt: Date,
  writtenBy: string,
): string {
  return (
    `update ${table(schema)} set outcome = 'written', written_by = ${literal(writtenBy)}, ` +
    `taken_at = ${literal(takenAt.toISOString())} ` +
    `where view = ${literal(view)} and run_id = ${literal(run_id)} and outcome is null`
  )
}

export function countStatement(
  { schema, literal }: StateText,
  { view, run_id }: Pick<Snapshot, 'view' | 'run_id'>,
  rows: string,
): string {
  return (
    `update ${table(schema)} set row_count = ${rows} ` +
    `where view = ${literal(view)} and run_id = ${literal(run_id)}`
  )
}

/** For the transaction that prunes; what was missed so long ago goes too. */
export function forgetBeforeStatement({ schema, literal }: StateText, view: string, before: Date): string {
  return (
    `delete from ${table(schema)} where view = ${literal(view)} ` +
    `and taken_at < ${literal(before.toISOString())} and outcome is not null`
  )
}

const table = (schema: string): string => `${quoteIdentifier(schema)}.snapshots`
