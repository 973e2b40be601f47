import { usingClient } from './database.ts'
import type { Ran } from './duro.ts'
import type { World } from './world.ts'

/** A data test of first.a that waits for whoever does something between build and swap. */
export const patientTest = { 'views/first/a_test.sql': "select pg_advisory_xact_lock(7)::text = ''" }

/** A refresh of a view with the patient test, and somebody who does something between build and swap. */
export async function refreshWhile(world: World, statements: string): Promise<Ran> {
  return usingClient(world.url, async (holder) => {
    await holder.query('select pg_advisory_lock(7)')
    const doIt = async (): Promise<void> => {
      try {
        await world.sql(statements)
      } finally {
        await holder.query('select pg_advisory_unlock(7)')
      }
    }
    const done: Promise<unknown>[] = []
    const ran = await world.duro(['refresh', '--force'], {
      onEvent: (event) => {
        if (event.type === 'stage-started' && event.stage === 'test') done.push(doIt())
      },
    })
    await Promise.all(done)
    return ran
  })
}
