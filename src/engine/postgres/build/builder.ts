import { DuroError } from '../../../errors.ts'
import type { View, ViewName } from '../../../project/view.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import type { Builder, BuildOptions } from '../../builder.ts'
import { readDefaultGrants } from '../catalog/default-grants.ts'
import type { Connector } from '../connection/connector.ts'
import { alwaysPrintAlike } from '../connection/transaction.ts'
import { waitBriefly } from '../connection/giving-way.ts'
import type { SessionPool } from '../../session-pool.ts'
import { usingSessions } from '../../using-session.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { isInserted, waitUntilVisible } from './insert-into-table.ts'
import { makeView } from './make-view.ts'
import { exportSnapshot, type Snapshot } from './snapshot.ts'
import { createWorkers } from './workers.ts'

/**
 * @param lockKey of the run lock: workers hold it in a form that lets a later run find them
 * @param testers sessions in which what is built is tested at the same time
 */
export async function usingBuilder<T>(
  connector: Connector,
  lockKey: number,
  testers: ReadonlySet<Session>,
  options: BuildOptions,
  callback: (builder: Builder) => Promise<T>,
): Promise<T> {
  const { oneInstant, sources } = options
  const opening = [
    connector.open('control'),
    connector.open('catalog'),
    oneInstant ? connector.open('snapshot') : Promise.resolve(null),
  ] as const
  return usingSessions(opening, async ([control, catalog, exporter]) => {
    await prepareCatalog(catalog)
    const snapshot = exporter === null ? null : await exportSnapshot(exporter, sources)
    const inserted = new Set<ViewName>()
    const result = await usingWorkers(createWorkers(connector, lockKey), async (workers) => {
      const defaults = await readDefaultGrants(control)
      const context = { ...options, workers, control, catalog, defaults, snapshot }
      return callback({
        make: async (view, signal) => {
          const made = await makeView(context, view, signal)
          if (isInserted(context, view)) inserted.add(view.view.name)
          return made
        },
        verify: async (views) => {
          const copied = views.filter(({ name }) => !inserted.has(name))
          if (snapshot !== null) await verifyVisible(snapshot, control, copied)
        },
      })
    })
    if (inserted.size > 0) {
      await exporter?.end().catch(() => undefined)
      await waitUntilVisible(control, testers, options)
    }
    return result
  })
}

/** One session is asked the same of every view: what it has learnt of the catalog need not be learnt again. */
async function prepareCatalog(catalog: Session): Promise<void> {
  await catalog.query(`${alwaysPrintAlike}; set plan_cache_mode = force_generic_plan`)
  // To print an index the server locks what it is on.
  await waitBriefly(catalog)
}

async function usingWorkers<T>(
  workers: SessionPool<Session>,
  callback: (workers: SessionPool<Session>) => Promise<T>,
): Promise<T> {
  try {
    return await callback(workers)
  } finally {
    await workers.close()
  }
}

/**
 * The run's own snapshot is older than every new relation: when it sees rows in each that has some, so does every
 * reader, however old its transaction. This is what frozen rows are for, and here it is shown to be so.
 */
async function verifyVisible(snapshot: Snapshot, control: Session, views: readonly View[]): Promise<void> {
  for (const view of views) {
    if (view.settings.materialized === 'none') continue
    const query = `select exists (select from ${formatAddress(addressOf(view, 'new'))}) as filled`
    const [now] = await control.query<{ filled: boolean }>(query)
    const [then] = await snapshot.session.query<{ filled: boolean }>(query)
    if (now?.filled !== then?.filled) {
      throw new DuroError(
        'build',
        `the rows of ${view.name} would not be visible to readers in older transactions`,
        {
          hint: 'Something wrote to the new version while it was built. Run it again, or set `one_instant: false`.',
        },
      )
    }
  }
}
