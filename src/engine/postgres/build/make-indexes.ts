import { formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import { captureRelations } from '../catalog/capture-relations.ts'
import type { CapturedIndex } from '../catalog/captured-relation.ts'
import { explainFailure } from '../sql-error.ts'
import { capturedIndex, declaredIndex, indexExtras } from '../statements/indexes.ts'
import type { Work } from './work.ts'

export interface MadeIndexes {
  /** Names of those that the settings asked for. */
  declared: readonly string[]
  notices: readonly string[]
}

/**
 * The indexes that the settings declare, and those of the live version that somebody made by hand. One that was
 * declared and no longer is goes; one that is declared and stands already keeps its name and its comment.
 */
export async function makeIndexes(work: Work, columns: readonly string[]): Promise<MadeIndexes> {
  if (work.kind === 'view') return { declared: [], notices: [] }
  const made = await makeDeclared(work, columns)
  const notices: string[] = []
  const declared = new Set(made.map((index) => index.name))
  for (const index of work.live?.indexes ?? []) {
    const twin = made.find((other) => other.using === index.using && other.unique === index.unique)
    if (twin !== undefined) {
      await inherit(work, twin, index)
      declared.delete(twin.name)
      declared.add(index.name)
    } else if (!work.input.declaredBefore?.indexes.includes(index.name) && !declared.has(index.name)) {
      const lost = index.columns.filter((column) => !columns.includes(column))
      if (lost.length > 0) notices.push(`index ${index.name} is lost with column ${lost.join(', ')}`)
      else await makeCaptured(work, index)
    }
  }
  return { declared: [...declared], notices }
}

async function makeDeclared(work: Work, columns: readonly string[]): Promise<readonly CapturedIndex[]> {
  const { view } = work.input
  for (const settings of view.settings.indexes) {
    const index = declaredIndex(work.relation, view.relation, columns, settings)
    await attempt(work, index.name, index.create)
  }
  if (view.settings.indexes.length === 0) return []
  // Read back, since only the server knows how it prints what was declared.
  await work.session.query("set local search_path = ''")
  const [captured] = await captureRelations(work.session, [work.target])
  return captured?.indexes ?? []
}

async function makeCaptured(work: Work, index: CapturedIndex): Promise<void> {
  const again = capturedIndex(work.relation, work.target.schema, index)
  await attempt(work, index.name, [again.create, ...again.after].join(';\n'))
}

/** The declared index takes the name that its twin has had so far, and what was said about it. */
async function inherit(work: Work, twin: CapturedIndex, live: CapturedIndex): Promise<void> {
  const name = formatAddress({ schema: work.target.schema, name: twin.name })
  const statements =
    twin.name === live.name ? [] : [`alter index ${name} rename to ${quoteIdentifier(live.name)}`]
  statements.push(...indexExtras(formatAddress({ schema: work.target.schema, name: live.name }), live))
  if (statements.length > 0) await work.session.query(statements.join(';\n'))
}

async function attempt(work: Work, name: string, statement: string): Promise<void> {
  try {
    await work.session.query(statement)
  } catch (error) {
    const { view } = work.input
    throw explainFailure(error, {
      code: 'build',
      what: `index ${name} of ${view.name} could not be built`,
      file: view.file,
    })
  }
}
