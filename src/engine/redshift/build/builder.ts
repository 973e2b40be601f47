import type { Builder, BuildOptions } from '../../builder.ts'
import { createSessionPool } from '../../session-pool.ts'
import type { Connector } from '../connection/connector.ts'
import type { UsingUpload } from '../upload.ts'
import { makeView } from './make-view.ts'

/** Each view is a committed transaction of its own: there is no snapshot that several sessions could read at. */
export async function usingBuilder<T>(
  connector: Connector,
  usingUpload: UsingUpload | null,
  { runId, register, usingRows, replaceTables }: BuildOptions,
  callback: (builder: Builder) => Promise<T>,
): Promise<T> {
  const workers = createSessionPool(() => connector.open())
  return connector.using(async (control) => {
    const context = { runId, register, usingRows, usingUpload, replaceTables, workers, control }
    try {
      return await callback({
        make: (view, signal) => makeView(context, view, signal),
        verify: () => Promise.resolve(),
      })
    } finally {
      await workers.close()
    }
  })
}
