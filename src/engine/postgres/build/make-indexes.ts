import { formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import { captureIndexes } from '../catalog/capture-relations.ts'
import type { CapturedIndex } from '../catalog/captured-relation.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../sql-error.ts'
import { capturedIndex, declaredIndexes, indexExtras, type IndexToCreate } from '../statements/indexes.ts'
import type { Work } from './work.ts'

export interface MadeIndexes {
  /** Names of those that the settings, or the user's own `create table`, asked for. */
  declared: readonly string[]
  notices: readonly string[]
}

/**
 * The indexes of a new version that can be made at once. Where some are declared, those are: which of the live
 * version's are missing beside them shows when the server has printed them.
 */
export function firstIndexes(work: Work, columns: readonly string[]): IndexToCreate[] {
  if (work.kind === 'view') return []
  const { view } = work.input
  if (view.settings.indexes.length > 0) return declaredIndexes(work.relation, view, columns)
  return madeByHand(work)
    .filter((index) => lostColumns(index, columns).length === 0 && !isBrought(work, index))
    .map((index) => capturedIndex(work.relation, work.target.schema, index))
}

/**
 * Within a transaction, when the first indexes are made: what is still missing of those that somebody made by hand on
 * the live version. One that was declared and no longer is goes; one that is declared and stands already keeps its
 * name and its comment.
 */
export async function makeOtherIndexes(work: Work, columns: readonly string[]): Promise<MadeIndexes> {
  if (work.kind === 'view') return { declared: [], notices: [] }
  const areDeclared = work.input.view.settings.indexes.length > 0
  const made = areDeclared ? await readBack(work) : (work.brought?.indexes ?? [])
  const notices: string[] = []
  const declared = new Set(made.map((index) => index.name))
  const byHand = new Set(madeByHand(work))
  const twins = findTwins(made, work.live?.indexes ?? [])
  for (const index of work.live?.indexes ?? []) {
    const twin = twins.get(index)
    if (twin !== undefined) {
      // The project may have the name for another index by now.
      const name = work.input.view.indexNames.taken.has(index.name) ? twin.name : index.name
      await inherit(work, twin, { ...index, name })
      declared.delete(twin.name)
      declared.add(name)
    } else if (byHand.has(index) && !declared.has(index.name)) {
      const lost = lostColumns(index, columns)
      if (lost.length > 0) notices.push(`index ${index.name} is lost with column ${lost.join(', ')}`)
      else if (areDeclared)
        await makeIndex(work, work.session, capturedIndex(work.relation, work.target.schema, index))
    }
  }
  return { declared: [...declared], notices }
}

/** On a session of the work, which may be another one than its own. */
export async function makeIndex(work: Work, session: Session, index: IndexToCreate): Promise<void> {
  try {
    await session.query([index.create, ...index.after].join(';\n'))
  } catch (error) {
    const { view } = work.input
    throw explainFailure(error, {
      code: 'build',
      what: `index ${index.name} of ${view.name} could not be built`,
      file: view.file,
    })
  }
}

/** The indexes of the live version that no settings have declared. */
function madeByHand({ live, input }: Work): CapturedIndex[] {
  const before = input.declaredBefore?.indexes ?? []
  return (live?.indexes ?? []).filter((index) => !before.includes(index.name))
}

/** A `create table` may come with indexes, from `like`. */
const isBrought = ({ brought }: Work, index: CapturedIndex): boolean =>
  brought?.indexes.some((other) => other.name === index.name || isAlike(other, index)) === true

const lostColumns = (index: CapturedIndex, columns: readonly string[]): string[] =>
  index.columns.filter((column) => !columns.includes(column))

/** Only the server knows how it prints what was declared. */
async function readBack(work: Work): Promise<readonly CapturedIndex[]> {
  await work.session.query("set local search_path = ''")
  return captureIndexes(work.session, work.relation)
}

/** By index of the live version: the one that was declared and is the same. Several may be alike but for their names. */
function findTwins(
  made: readonly CapturedIndex[],
  live: readonly CapturedIndex[],
): ReadonlyMap<CapturedIndex, CapturedIndex> {
  const twins = new Map<CapturedIndex, CapturedIndex>()
  const free = new Set(made)
  const pair = (isTwin: (one: CapturedIndex, other: CapturedIndex) => boolean): void => {
    for (const index of live) {
      const twin = twins.has(index) ? undefined : [...free].find((other) => isTwin(index, other))
      if (twin === undefined) continue
      twins.set(index, twin)
      free.delete(twin)
    }
  }
  pair((one, other) => isAlike(one, other) && one.name === other.name)
  pair(isAlike)
  return twins
}

const isAlike = (one: CapturedIndex, other: CapturedIndex): boolean =>
  one.using === other.using && one.unique === other.unique

/** The declared index takes the name that its twin has had so far, and what was said about it. */
async function inherit(work: Work, twin: CapturedIndex, live: CapturedIndex): Promise<void> {
  const name = formatAddress({ schema: work.target.schema, name: twin.name })
  const statements =
    twin.name === live.name ? [] : [`alter index ${name} rename to ${quoteIdentifier(live.name)}`]
  const comment = twin.comment ?? live.comment
  statements.push(
    ...indexExtras(formatAddress({ schema: work.target.schema, name: live.name }), { ...live, comment }),
  )
  if (statements.length > 0) await work.session.query(statements.join(';\n'))
}
