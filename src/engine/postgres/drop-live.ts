import { SqlError } from '../../errors.ts'
import type { NamedView } from '../../project/view.ts'
import { formatAddress } from '../../sql/identifiers.ts'
import { givingWay, isInTheWay, waitBriefly } from './connection/giving-way.ts'
import type { Session } from './connection/session.ts'
import { inspect } from './inspect.ts'
import { addressOf } from './places.ts'
import { explainFailure } from './sql-error.ts'

/** Milliseconds for which dropping a view gives way to who reads it. */
const patience = 5000

/** Drops a live relation that duro published and nobody depends on. @throws SqlError */
export async function dropLive(
  session: Session,
  view: NamedView,
  id: number,
): Promise<'dropped' | { because: string }> {
  const [live] = (await inspect(session, [view])).values()
  if (live === undefined || live.id !== id) return 'dropped'
  // While it waits for readers, new ones wait behind it.
  await waitBriefly(session)
  try {
    await givingWay(patience, new AbortController().signal, () =>
      session.query(`drop ${live.kind} ${formatAddress(addressOf(view, 'live'))}`),
    )
    return 'dropped'
  } catch (error) {
    if (isInTheWay(error)) return { because: 'it is still being read' }
    const what = `${view.name} could not be dropped`
    const explained = explainFailure(error, { code: 'preflight', what, file: null })
    if (!(explained instanceof SqlError) || explained.sqlState !== '2BP01') throw explained
    const { message, sqlState, detail } = explained
    // The server's own hint is CASCADE.
    throw new SqlError('preflight', message, {
      sqlState,
      detail,
      hint: 'Drop it first. A view of the folder whose SQL reads something else by now: run duro refresh first.',
      cause: error,
    })
  }
}
