import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import { nothingDeclared, type DeclaredTable } from '../../declared.ts'
import type { CsvRows, MadeView, ViewToBuild } from '../../builder.ts'
import { earlyStatements } from '../catalog/own-objects.ts'
import { captureRelations } from '../catalog/capture-relations.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'
import { givingWay } from '../connection/giving-way.ts'
import { interruptible } from '../connection/interruptible.ts'
import { printAlike, takingBack } from '../connection/transaction.ts'
import type { Session } from '../connection/session.ts'
import { transaction } from '../../transaction.ts'
import { addressOf } from '../places.ts'
import { kindOf, relationKind } from '../relation-kind.ts'
import { placeOfReader } from '../../place-of-reader.ts'
import { explainFailure } from '../sql-error.ts'
import { storageStatements } from '../statements/create-relation.ts'
import { beginAtInstant } from './begin.ts'
import { createNew } from './create-new.ts'
import { fill } from './fill.ts'
import { readDeclaredIndexes } from './read-declared-indexes.ts'
import { planIndexes } from './plan-indexes.ts'
import { makeConstraints } from './make-constraints.ts'
import { finish, type Made } from './finish.ts'
import { settleView } from './settle-view.ts'
import { checkSources } from './snapshot.ts'
import { declaredBy, madeByHand } from './table-by-statement.ts'
import { takeOver } from './take-over.ts'
import { patience, type BuildContext, type Work } from './work.ts'
import { writeInput } from './write-input.ts'

/** @throws SqlError that points into the view's file; what is left of the view then is registered */
export async function makeView(
  context: BuildContext,
  input: ViewToBuild,
  signal: AbortSignal,
): Promise<MadeView> {
  const made = await explained(input, async () => {
    if (input.feed === null) return makeFrom(null, context, input, signal)
    const work = { writeInput: (path: string) => writeInput(context, input, path, signal), signal }
    return context.usingRows(input.view, work, (rows) => makeFrom(rows, context, input, signal))
  })
  return {
    settle: (settleSignal, onTestable) => explained(input, () => settleView(made, settleSignal, onTestable)),
  }
}

async function explained<T>({ view }: ViewToBuild, callback: () => Promise<T>): Promise<T> {
  try {
    return await callback()
  } catch (error) {
    throw explainFailure(error, {
      code: 'build',
      what: `${view.name} could not be built`,
      file: view.file,
      place: placeOfReader(error, view.places.grantSelect),
    })
  }
}

function makeFrom(
  rows: CsvRows | null,
  context: BuildContext,
  input: ViewToBuild,
  signal: AbortSignal,
): Promise<Made> {
  return context.workers.using((session) =>
    interruptible(session, context.control, signal, async () => {
      const made = await givingWay(patience, signal, async () =>
        make(await startWork(context, { input, rows, session, signal })),
      )
      // Views of the run that read this one use what stands on its rows; else it can wait.
      return input.isRead ? { ...made, finished: await finish(made) } : made
    }),
  )
}

async function startWork(
  context: BuildContext,
  { input, rows, session, signal }: Pick<Work, 'input' | 'rows' | 'session' | 'signal'>,
): Promise<Work> {
  const kind = kindOf(input.view.settings.materialized)
  const target = addressOf(input.view, 'new')
  const [live = null] = await captureRelations(context.catalog, [addressOf(input.view, 'live')])
  const alike = live !== null && relationKind(live.kind) === kind ? live : null
  return {
    context,
    input,
    rows,
    session,
    signal,
    kind,
    target,
    relation: formatAddress(target),
    live,
    alike,
    brought: null,
  }
}

async function make(begun: Work): Promise<Made> {
  const { session } = begun
  return transaction(session, beginAtInstant(begun), async () => {
    // 1. The relation without rows, registered in the transaction that makes it: from here its columns are known.
    const created = await createNew(begun)
    const { id, columns } = created
    const { work, declared: table } = await withoutDeclared(begun)
    // 2. Owner, comments and grants come before the rows, since a REFRESH runs with the owner's rights.
    const { grantSelect } = await takeOver(work, columns)
    // 3. What the indexes will be, which the server tells: where that cannot be, no row is read in vain.
    const indexes = planIndexes(work, columns, await readDeclaredIndexes(work, created))
    if (indexes.takeOver.length > 0) await session.query(indexes.takeOver.join(';\n'))
    // 4. The rows.
    await fill(work)
    if (work.context.snapshot !== null) await checkSources(work.context.control, work.context.snapshot)
    // 5. What locks out everybody, while nobody sees the relation: a pg_dump that has begun holds all that it saw.
    const constraints = await makeConstraints(work, columns)
    // 6. Policies come after the rows, which those that bind the owner, too, would keep out.
    const early = earlyStatements(work.relation, work.alike)
    if (early.length > 0) await session.query(early.join(';\n'))
    return { id, work, columns, grantSelect, table, indexes, constraints, finished: null }
  })
}

/** A table that a user's own statement has made takes over only what that statement does not say. */
async function withoutDeclared(work: Work): Promise<{ work: Work; declared: DeclaredTable }> {
  if (work.input.feed === null) return { work, declared: nothingDeclared }
  const { session, target, relation, alike, input } = work
  const made = await captureHere(session, target)
  if (made === null) return { work, declared: nothingDeclared }
  if (alike === null) return { work: { ...work, brought: made }, declared: declaredBy(made) }
  const statements = storageStatements(relation, made, alike)
  if (statements.length > 0) await session.query(statements.join(';\n'))
  const byHand = madeByHand(alike, made, input.declaredBefore?.table ?? nothingDeclared)
  return { work: { ...work, live: byHand, brought: made }, declared: declaredBy(made) }
}

/** Within a transaction. */
const captureHere = (session: Session, address: Address): Promise<CapturedRelation | null> =>
  takingBack(session, async () => {
    await session.query(printAlike)
    const [captured = null] = await captureRelations(session, [address])
    return captured
  })
