import { DuroError } from '../../../errors.ts'
import type { View } from '../../../project/view.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import type { Builder, BuildOptions } from '../../engine.ts'
import { readDefaultGrants } from '../catalog/default-grants.ts'
import type { Connector } from '../connection/connector.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { makeView } from './make-view.ts'
import { settleView } from './settle-view.ts'
import { exportSnapshot, type Snapshot } from './snapshot.ts'
import { createWorkers } from './workers.ts'

/** @param lockKey of the run lock: workers hold it in a form that lets a later run find them */
export async function usingBuilder<T>(
  connector: Connector,
  lockKey: number,
  options: BuildOptions,
  callback: (builder: Builder) => Promise<T>,
): Promise<T> {
  const workers = createWorkers(connector, lockKey)
  return connector.using('control', async (control) => {
    const snapshot = options.oneInstant ? await exportSnapshot(connector, options.sources) : null
    try {
      const defaults = await readDefaultGrants(control)
      const { runId, register, usingRows } = options
      const context = { runId, register, usingRows, workers, control, defaults, snapshot }
      return await callback({
        make: (view, signal) => makeView(context, view, signal),
        settle: (view, made, signal) => settleView(context, view, made, signal),
        verify: (views) => (snapshot === null ? Promise.resolve() : verifyVisible(snapshot, control, views)),
      })
    } finally {
      await snapshot?.release()
      await workers.close()
    }
  })
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
