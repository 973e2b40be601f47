import type { ViewName } from '../../../project/view.ts'
import { type Address, formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import type { ViewToBuild } from '../../builder.ts'
import { parametersFor, relationsAt } from '../catalog/relations-at.ts'
import { isInTheWay } from '../connection/giving-way.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { kindOf } from '../relation-kind.ts'
import { isEnd } from './attempt.ts'

/** The keys of live tables as `alter table` takes them, by view: who groups by one may select all other columns. */
export type LiveKeys = ReadonlyMap<ViewName, readonly string[]>

export async function readKeys(session: Session, views: readonly ViewToBuild[]): Promise<LiveKeys> {
  const tables = views.flatMap(({ view }) => (kindOf(view.settings.materialized) === 'table' ? [view] : []))
  if (tables.length === 0) return new Map()
  const rows = await session.query<Address & { key: string; definition: string }>(
    `select n.nspname::text as schema, c.relname::text as name, k.conname::text as key,
            pg_get_constraintdef(k.oid) as definition
     from ${relationsAt} join pg_constraint k on k.conrelid = c.oid and k.contype in ('p', 'u') order by k.oid`,
    parametersFor(tables.map((view) => addressOf(view, 'live'))),
  )
  const names = new Map(tables.map((view) => [formatAddress(addressOf(view, 'live')), view.name]))
  const keys = new Map<ViewName, string[]>(tables.map(({ name }) => [name, []]))
  for (const { key, definition, ...address } of rows) {
    const own = keys.get(names.get(formatAddress(address)) ?? '')
    own?.push(`add constraint ${quoteIdentifier(key)} ${definition}`)
  }
  return keys
}

/** Gives them to the new table, which has no rows. One whose columns are gone goes with them, as in the build. */
export async function keepKeys(session: Session, { view }: ViewToBuild, keys: LiveKeys): Promise<void> {
  for (const key of keys.get(view.name) ?? []) {
    await session.query('savepoint key')
    try {
      await session.query(`alter table ${formatAddress(addressOf(view, 'new'))} ${key}`)
    } catch (error) {
      if (isInTheWay(error) || isEnd(error)) throw error
      await session.query('rollback to savepoint key')
    }
  }
}
