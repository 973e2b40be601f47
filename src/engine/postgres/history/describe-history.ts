import { DuroError } from '../../../errors.ts'
import { historyTable } from '../../../sql/history-table.ts'
import { formatAddress, quoteLiteral } from '../../../sql/identifiers.ts'
import type { CopyOptions, HistoryCopy } from '../../history-copy.ts'
import type { DescribedStatement } from '../../engine.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { beginHistory } from './copy.ts'
import { planCopy } from './plan-copy.ts'
import { readHistoryFacts } from './read-facts.ts'

/** What a copy would send now. Of a view that is not there yet, nobody knows the columns. */
export async function describeHistory(
  session: Session,
  copy: HistoryCopy,
  options: Omit<CopyOptions, 'signal'>,
): Promise<DescribedStatement[]> {
  const live = addressOf(copy.view, 'live')
  const table = historyTable(live)
  const facts = await readHistoryFacts(session, live, table)
  const statement = (sql: string): DescribedStatement => ({ stage: 'history', view: copy.view.name, sql })
  const around = (statements: readonly string[]): DescribedStatement[] =>
    [beginHistory, options.claim, ...statements, options.written('…'), 'commit'].map(statement)
  const register = options.register(table, `${quoteLiteral(formatAddress(table))}::regclass::oid`)
  if (facts.live === null) {
    const create = facts.table === null ? [`create table ${formatAddress(table)} (…)`, ...register] : []
    return around([...create, `insert into ${formatAddress(table)} (…) select … from ${formatAddress(live)}`])
  }
  try {
    const input = { view: copy.view.name, live, table, takenAt: copy.takenAt, registered: copy.registered }
    const { prepare, insert } = planCopy(input, facts)
    const isKnown = facts.table !== null && facts.table.id === copy.registered
    return around([...prepare, ...(isKnown ? [] : register), insert])
  } catch (error) {
    if (!(error instanceof DuroError)) throw error
    return [statement(`-- ${error.message}`)]
  }
}
