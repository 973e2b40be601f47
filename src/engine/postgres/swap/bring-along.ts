import { toError } from '../../../errors.ts'
import type { ViewName } from '../../../project/view.ts'
import { isConnectionLoss } from '../../connection-loss.ts'
import type { SwapOptions } from '../../engine.ts'
import { transaction } from '../../transaction.ts'
import { givingWay, isInTheWay, waitForAutovacuum } from '../connection/giving-way.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../sql-error.ts'

/** What an old version is to get before it goes back: statements, in parts that are each done whole or not at all. */
export interface Missing {
  view: ViewName
  parts: readonly (readonly string[])[]
}

interface BringOptions extends Pick<SwapOptions, 'emit' | 'signal' | 'giveUpAfter'> {
  /** Begins a transaction for a part. */
  begin: string
  /** What an earlier attempt to swap has found to be impossible, and told: it is added to. */
  refused: Set<string>
}

/** An old version's rows may not suit a unique index that is newer: the rest comes along. */
export async function bringAlong(
  session: Session,
  versions: readonly Missing[],
  { begin, refused, emit, signal, giveUpAfter }: BringOptions,
): Promise<void> {
  const perform = (text: string): Promise<unknown> =>
    transaction(session, `${begin}; ${waitForAutovacuum('transaction')}`, () => session.query(text))
  for (const { view, parts } of versions) {
    for (const part of parts) {
      const text = part.join('; ')
      if (part.length === 0 || refused.has(text)) continue
      try {
        await givingWay(giveUpAfter, signal, () => perform(text))
      } catch (error) {
        if (isConnectionLoss(error) || signal.aborted) throw error
        if (isInTheWay(error)) {
          const what = `the old version of ${view} is in use, and cannot have what was given to the live one since`
          throw explainFailure(error, { code: 'swap', what, file: null })
        }
        refused.add(text)
        emit({
          type: 'warning',
          view,
          message: `the old version of ${view} goes back without what was given to the live one since: ${toError(error).message} (${text})`,
        })
      }
    }
  }
}
