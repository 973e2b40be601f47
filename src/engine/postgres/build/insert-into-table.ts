import { DuroError } from '../../../errors.ts'
import type { BuildOptions, ViewToBuild } from '../../builder.ts'
import type { Session } from '../connection/session.ts'
import { waitForOlderTransactions } from '../older-transactions.ts'
import type { BuildContext } from './work.ts'

/**
 * Whether the rows of a table are written on the server itself. Only a later snapshot sees such rows: other views of
 * the run, which read at the run's moment, would find nothing.
 */
export function isInserted({ fillTables }: Pick<BuildContext, 'fillTables'>, input: ViewToBuild): boolean {
  const { materialized } = input.view.settings
  return fillTables === 'insert' && materialized === 'table' && input.feed === null && !input.isRead
}

export function insertStatement(relation: string, select: string): string {
  return `insert into ${relation}\n${select}`
}

/**
 * Readers whose snapshot is older than the rows would find a published table empty: nothing is published before they
 * have ended. The run's own snapshot has to be released before.
 * @param testers sessions in which the run tests what it has built, which ends before anything is published
 */
export async function waitUntilVisible(
  session: Session,
  testers: ReadonlySet<Session>,
  { waitFor, emit, signal }: Pick<BuildOptions, 'waitFor' | 'emit' | 'signal'>,
): Promise<void> {
  const first = await waitForOlderTransactions(session, 0, { own: testers })
  if (first.length === 0) return
  emit({ type: 'notice', message: `waiting for older transactions to end: pid ${first.join(', ')}` })
  const pids = await waitForOlderTransactions(session, waitFor, { own: testers, signal })
  if (pids.length === 0) return
  throw new DuroError(
    'build',
    `transactions that are older than the new tables, and would find them empty, did not end in time: pid ${pids.join(', ')}`,
    {
      hint: 'End them, or give them more time (`swap.give_up_after`); or set `fill_tables: copy`, which waits for nobody.',
    },
  )
}
