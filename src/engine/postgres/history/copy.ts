import { formatAddress, quoteLiteral } from '../../../sql/identifiers.ts'
import { historyTable } from '../../../sql/history-table.ts'
import type { CopyOptions, CopyResult, HistoryCopy } from '../../history-copy.ts'
import { explainHistoryFailure, notAsPublished } from '../../history-errors.ts'
import { workerLock } from '../build/workers.ts'
import type { Connector } from '../connection/connector.ts'
import { interruptible } from '../connection/interruptible.ts'
import type { Session } from '../connection/session.ts'
import { transaction } from '../../transaction.ts'
import { addressOf } from '../places.ts'
import { explainFailure } from '../sql-error.ts'
import { planCopy, type CopyPlan } from './plan-copy.ts'
import { readHistoryFacts } from './read-facts.ts'

/** Somebody may have locked the history table; the next run tries again. */
export const beginHistory = "begin; set local lock_timeout = '10s'"

/**
 * Writes a dated copy and the note that it is written in one transaction: either both are there, or the copy is still
 * to be written. It holds the lock of workers, so that the next run ends it when this one was killed.
 * @throws DuroError
 */
export async function copyToHistory(
  connector: Connector,
  lockKey: number,
  control: Session,
  copy: HistoryCopy,
  options: CopyOptions,
): Promise<CopyResult> {
  const table = historyTable(addressOf(copy.view, 'live'))
  try {
    return await connector.using('history', async (session) => {
      await session.query(workerLock(lockKey))
      return interruptible(session, control, options.signal, async () => {
        const live = addressOf(copy.view, 'live')
        const facts = await readHistoryFacts(session, live, table)
        const input = {
          view: copy.view.name,
          live,
          table,
          takenAt: copy.takenAt,
          registered: copy.registered,
        }
        const plan = planCopy(input, facts)
        const isKnown = facts.table !== null && facts.table.id === copy.registered
        return transaction(session, beginHistory, () => write(session, copy, plan, options, isKnown))
      })
    })
  } catch (error) {
    const what = `no copy of ${copy.view.name} was written into ${table.schema}.${table.name}`
    throw explainHistoryFailure(error, what, explainFailure)
  }
}

async function write(
  session: Session,
  { view, relation }: HistoryCopy,
  plan: CopyPlan,
  options: CopyOptions,
  isKnown: boolean,
): Promise<CopyResult> {
  const live = formatAddress(addressOf(view, 'live'))
  const table = historyTable(addressOf(view, 'live'))
  // 1. Nobody else writes it: the row stays locked until the end, and there is none to lock once it is written.
  const claimed = await session.client.query(options.claim)
  if (claimed.rowCount !== 1) return { kind: 'written before' }
  // 2. The table, fitted to the view.
  const prepare = [...plan.prepare]
  if (!isKnown)
    prepare.push(...options.register(table, `${quoteLiteral(formatAddress(table))}::regclass::oid`))
  if (prepare.length > 0) await session.query(prepare.join(';\n'))
  // 3. The rows. What was read is locked from here on, so if the view still is that relation, its rows are those.
  const { rowCount } = await session.client.query(plan.insert)
  const [seen] = await session.query<{ same: boolean }>(
    `select ${quoteLiteral(live)}::regclass::oid = ${relation}::oid as same`,
  )
  if (seen?.same !== true) throw notAsPublished(view.name)
  await session.query(options.written(String(rowCount ?? 0)))
  return { kind: 'written', rows: rowCount ?? 0, notices: plan.notices }
}
