import { DuroError } from '../../../errors.ts'
import { foldIdentifier, formatAddress } from '../../../sql/identifiers.ts'
import { checkCsvHeader } from '../../check-csv-header.ts'
import type { CsvRows, MadeView, ViewToBuild } from '../../builder.ts'
import { interruptible } from '../../interruptible.ts'
import { placeOfReader } from '../../place-of-reader.ts'
import { transaction } from '../../transaction.ts'
import { cancelling } from '../ask.ts'
import { readGrants } from '../catalog/grants.ts'
import { readRelations, readWithColumns } from '../catalog/relations.ts'
import { retryingConflicts } from '../conflict.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../explain-failure.ts'
import { addressOf } from '../places.ts'
import { copyFromS3 } from '../statements/copy-from-s3.ts'
import { createRelation, kindOf } from '../statements/create-relation.ts'
import type { Upload } from '../upload.ts'
import { explainLoad } from './explain-load.ts'
import { settleView } from './settle-view.ts'
import { takeOverStatements } from './take-over.ts'
import type { BuildContext } from './work.ts'
import { writeInput } from './write-input.ts'

/** How often a view is built when others are in the way of its transaction. */
const most = 5

/** What a feed made, on its way into the table. */
interface Load {
  rows: CsvRows
  upload: Upload
}

/** @throws SqlError that points into the view's file; then nothing of the view is left */
export async function makeView(
  context: BuildContext,
  input: ViewToBuild,
  signal: AbortSignal,
): Promise<MadeView> {
  const { view, feed } = input
  try {
    if (feed === null) return await makeFrom(null, context, input, signal)
    const { usingUpload, runId } = context
    if (usingUpload === null) throw noPlaceForLoads(view.name)
    const work = { writeInput: (path: string) => writeInput(context, input, path, signal), signal }
    return await context.usingRows(view, work, (rows) =>
      usingUpload(rows, { runId, view: view.name }, signal, (upload) =>
        makeFrom({ rows, upload }, context, input, signal),
      ),
    )
  } catch (error) {
    const what = `${view.name} could not be built`
    const place = placeOfReader(error, view.places.grantSelect)
    throw explainFailure(error, { code: 'build', what, file: view.file, place })
  }
}

export const noPlaceForLoads = (view: string): DuroError =>
  new DuroError('preflight', `${view} is loaded through S3, and duro.yaml names no bucket`, {
    hint: 'Write "s3:" with bucket and iam_role into duro.yaml.',
  })

const makeFrom = (
  load: Load | null,
  context: BuildContext,
  input: ViewToBuild,
  signal: AbortSignal,
): Promise<MadeView> =>
  context.workers.using((session) =>
    interruptible(cancelling(session, context.control), signal, () =>
      retryingConflicts(signal, most, (tried) =>
        tried === 1 ? make(session, context, input, load) : makeAgain(session, context, input, load),
      ).catch(async (error: unknown) => {
        throw load === null ? error : await explainLoad(session, input.view, error)
      }),
    ),
  )

/** A commit that was answered with a conflict may have been done: nobody else makes a relation there. */
async function makeAgain(
  session: Session,
  context: BuildContext,
  input: ViewToBuild,
  load: Load | null,
): Promise<MadeView> {
  const [live, target] = [addressOf(input.view, 'live'), addressOf(input.view, 'new')]
  const found = await readRelations(session, [live, target])
  const made = found.get(formatAddress(target))
  return made === undefined
    ? make(session, context, input, load)
    : madeView(context, input, { id: made.id, liveId: found.get(formatAddress(live))?.id ?? null })
}

const madeView = (
  context: BuildContext,
  input: ViewToBuild,
  made: { id: number; liveId: number | null },
): MadeView => ({
  settle: async (signal, onTestable) => {
    const built = await settleView(context, input, made, signal)
    onTestable(built.violated)
    return built
  },
})

async function make(
  session: Session,
  context: BuildContext,
  input: ViewToBuild,
  load: Load | null,
): Promise<MadeView> {
  const { view } = input
  const [liveAt, target] = [addressOf(view, 'live'), addressOf(view, 'new')]
  const live = (await readWithColumns(session, [liveAt])).get(formatAddress(liveAt)) ?? null
  const grants = (await readGrants(session, [liveAt])).get(formatAddress(liveAt)) ?? []
  const [{ role } = { role: '' }] = await session.query<{ role: string }>('select current_user as role')
  return transaction(session, 'begin', async () => {
    // 1. The relation; but for one that is loaded, with its rows.
    await create(session, input)
    const made = (await readWithColumns(session, [target])).get(formatAddress(target))
    if (made === undefined) throw new DuroError('internal', `${target.name} was made and is not there`)
    const present = made.columns.map(({ name }) => name)
    // 2. The rows of a feed.
    if (load !== null) {
      checkCsvHeader(view, load.rows.columns, { allowed: present, wanted: [] }, foldIdentifier)
      const columns = load.rows.columns.map((column) => foldIdentifier(column))
      await session.query(copyFromS3(target, columns, load.upload))
    }
    // 3. Registered in the transaction that makes it: what is there is known, what is not is not.
    const { id } = made
    await session.query(
      context.register({ ...target, id: String(id), place: 'new', view: view.name, runId: context.runId }),
    )
    // 4. Comments, grants and the owner.
    for (const statement of takeOverStatements({ input, live, grants, present, role })) {
      await session.query(statement)
    }
    return madeView(context, input, { id, liveId: live?.id ?? null })
  })
}

async function create(session: Session, { view, sql, feed }: ViewToBuild): Promise<void> {
  const relation = formatAddress(addressOf(view, 'new'))
  const statement =
    feed === null
      ? createRelation(kindOf(view.settings), relation, sql.text, view.settings)
      : { text: sql.text, selectStart: 0 }
  try {
    await session.query(statement.text)
  } catch (error) {
    const what = `${view.name} could not be built`
    throw explainFailure(error, { code: 'build', what, file: view.file, statement: { sql, ...statement } })
  }
}
