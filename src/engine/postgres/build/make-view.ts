import { formatAddress } from '../../../sql/identifiers.ts'
import type { MadeView, ViewToBuild } from '../../engine.ts'
import { captureRelations } from '../catalog/capture-relations.ts'
import { givingWay } from '../connection/giving-way.ts'
import { interruptible } from '../connection/interruptible.ts'
import type { Session } from '../connection/session.ts'
import { transaction, withQualifiedNames } from '../connection/transaction.ts'
import { addressOf } from '../places.ts'
import { kindOf, relationKind } from '../relation-kind.ts'
import { explainFailure } from '../sql-error.ts'
import { createNew } from './create-new.ts'
import { fill } from './fill.ts'
import { makeConstraints } from './make-constraints.ts'
import { makeIndexes } from './make-indexes.ts'
import { makeStatistics } from './make-statistics.ts'
import { checkSources } from './snapshot.ts'
import { takeOver } from './take-over.ts'
import type { BuildContext, Work } from './work.ts'

/** Milliseconds for which a build gives way to whoever has locked a source, and tries again. */
const patience = 600_000

/** @throws SqlError that points into the view's file; then nothing of the view is left */
export async function makeView(
  context: BuildContext,
  input: ViewToBuild,
  signal: AbortSignal,
): Promise<MadeView> {
  try {
    return await context.workers.using((session) =>
      interruptible(session, context.control, signal, () =>
        givingWay(patience, signal, async () => make(await startWork(context, input, session, signal))),
      ),
    )
  } catch (error) {
    throw explainFailure(error, {
      code: 'build',
      what: `${input.view.name} could not be built`,
      file: input.view.select,
    })
  }
}

async function startWork(
  context: BuildContext,
  input: ViewToBuild,
  session: Session,
  signal: AbortSignal,
): Promise<Work> {
  const kind = kindOf(input.view.settings.materialized)
  const target = addressOf(input.view, 'new')
  const [live = null] = await withQualifiedNames(session, () =>
    captureRelations(session, [addressOf(input.view, 'live')]),
  )
  const alike = live !== null && relationKind(live.kind) === kind ? live : null
  return { context, input, session, signal, kind, target, relation: formatAddress(target), live, alike }
}

async function make(work: Work): Promise<MadeView> {
  const { session, input } = work
  return transaction(session, beginStatement(work.context), async () => {
    // 1. The relation without rows, registered in the transaction that makes it: from here its columns are known.
    const made = await createNew(work)
    // 2. Owner, comments and grants come before the rows, since a REFRESH runs with the owner's rights.
    const { grantSelect } = await takeOver(work, made.columns)
    // 3. The rows.
    await fill(work)
    if (work.context.snapshot !== null) await checkSources(work.context.control, work.context.snapshot)
    // 4. Indexes after the rows, which is faster, and what the planner needs to know of both.
    const indexes = await makeIndexes(work, made.columns)
    const constraints = await makeConstraints(work, made.columns)
    const statistics = await makeStatistics(work, made.columns)
    const declared = {
      grantSelect,
      indexes: indexes.declared,
      description: input.view.settings.description !== null,
      columns: Object.keys(input.view.settings.columns),
    }
    return {
      id: made.id,
      declared,
      notices: [...indexes.notices, ...constraints.notices, ...statistics.notices],
    }
  })
}

function beginStatement({ snapshot }: BuildContext): string {
  if (snapshot === null) return 'begin'
  return `begin isolation level repeatable read; set transaction snapshot '${snapshot.id}'`
}
