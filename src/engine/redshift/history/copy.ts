import { historyTable } from '../../../sql/history-table.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { CopyOptions, CopyResult, HistoryCopy } from '../../history-copy.ts'
import type { NamedView } from '../../../project/view.ts'
import { explainHistoryFailure, notAsPublished } from '../../history-errors.ts'
import { interruptible } from '../../interruptible.ts'
import { transaction } from '../../transaction.ts'
import { cancelling } from '../ask.ts'
import { readGrants } from '../catalog/grants.ts'
import { readRelations, readWithColumns } from '../catalog/relations.ts'
import { retryingConflicts } from '../conflict.ts'
import type { Connector } from '../connection/connector.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../explain-failure.ts'
import { addressOf } from '../places.ts'
import { planCopy, type CopyFacts, type CopyPlan } from './plan-copy.ts'

/** How often a transaction on a history table is tried when others are in its way. */
export const most = 5

/**
 * Writes a dated copy and the note that it is written in one transaction: either both are there, or the copy is still
 * to be written.
 * @throws DuroError
 */
export async function copyToHistory(
  connector: Connector,
  control: Session,
  copy: HistoryCopy,
  options: CopyOptions,
): Promise<CopyResult> {
  const table = historyTable(addressOf(copy.view, 'live'))
  try {
    return await connector.using((session) =>
      interruptible(cancelling(session, control), options.signal, () =>
        retryingConflicts(options.signal, most, async () => {
          const facts = await readFacts(session, copy.view, table)
          const plan = planCopy({ ...copy, view: copy.view.name, table }, facts)
          for (const statement of plan.widen) await session.query(statement)
          const isKnown = facts.table !== null && facts.table.id === copy.registered
          return transaction(session, 'begin', () => write(session, copy, table, plan, options, isKnown))
        }),
      ),
    )
  } catch (error) {
    const what = `no copy of ${copy.view.name} was written into ${table.schema}.${table.name}`
    throw explainHistoryFailure(error, what, explainFailure)
  }
}

export async function readFacts(session: Session, view: NamedView, table: Address): Promise<CopyFacts> {
  const live = addressOf(view, 'live')
  const found = await readWithColumns(session, [live, table])
  return {
    live: found.get(formatAddress(live)) ?? null,
    table: found.get(formatAddress(table)) ?? null,
    grants: (await readGrants(session, [live])).get(formatAddress(live)) ?? [],
  }
}

async function write(
  session: Session,
  { view, relation }: HistoryCopy,
  table: Address,
  plan: CopyPlan,
  options: CopyOptions,
  isKnown: boolean,
): Promise<CopyResult> {
  // 1. Nobody else writes it: of two that claim it one is ended by the server.
  if ((await session.change(options.claim)) !== 1) return { kind: 'written before' }
  // 2. The table, with the columns of the view.
  for (const statement of plan.prepare) await session.query(statement)
  if (!isKnown) {
    const id = (await readRelations(session, [table])).get(formatAddress(table))?.id
    for (const statement of options.register(table, String(id ?? 'null'))) await session.query(statement)
  }
  // 3. The rows, if the view still is that relation.
  const rows = await session.change(plan.insert)
  const live = addressOf(view, 'live')
  if ((await readRelations(session, [live])).get(formatAddress(live))?.id !== relation)
    throw notAsPublished(view.name)
  await session.query(options.written(String(rows)))
  return { kind: 'written', rows, notices: plan.notices }
}
