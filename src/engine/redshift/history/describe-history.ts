import { DuroError } from '../../../errors.ts'
import { historyTable } from '../../../sql/history-table.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import type { CopyOptions, HistoryCopy } from '../../history-copy.ts'
import type { DescribedStatement } from '../../engine.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { readFacts } from './copy.ts'
import { planCopy } from './plan-copy.ts'

/** What a copy would send now. Of a view that is not there yet, nobody knows the columns. */
export async function describeHistory(
  session: Session,
  copy: HistoryCopy,
  options: Omit<CopyOptions, 'signal'>,
): Promise<DescribedStatement[]> {
  const table = historyTable(addressOf(copy.view, 'live'))
  const facts = await readFacts(session, copy.view, table)
  const statement = (sql: string): DescribedStatement => ({ stage: 'history', view: copy.view.name, sql })
  if (facts.live === null) return [statement(`-- a copy of ${copy.view.name} into ${formatAddress(table)}`)]
  try {
    const plan = planCopy({ ...copy, view: copy.view.name, table }, facts)
    const isKnown = facts.table !== null && facts.table.id === copy.registered
    return [
      ...plan.widen,
      'begin',
      options.claim,
      ...plan.prepare,
      ...(isKnown ? [] : options.register(table, String(facts.table?.id ?? 0))),
      plan.insert,
      options.written('0'),
      'commit',
    ].map(statement)
  } catch (error) {
    if (!(error instanceof DuroError)) throw error
    return [statement(`-- ${error.message}`)]
  }
}
