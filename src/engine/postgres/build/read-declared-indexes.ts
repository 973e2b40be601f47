import { captureIndexes } from '../catalog/capture-relations.ts'
import type { CapturedIndex } from '../catalog/captured-relation.ts'
import { declaredIndexes } from '../statements/indexes.ts'
import { printAlike, takingBack } from '../connection/transaction.ts'
import { makeIndex } from './make-index.ts'
import type { Work } from './work.ts'

/**
 * The indexes that the settings declare, in their order, as the server prints them: only it knows whether one is the
 * same as one of the live version. Made for that on the new relation before it has rows, and taken back.
 * @param id of the new relation
 */
export async function readDeclaredIndexes(
  work: Work,
  id: number,
  columns: readonly string[],
): Promise<readonly CapturedIndex[]> {
  const { session, relation } = work
  const { view } = work.input
  if (work.kind === 'view' || view.settings.indexes.length === 0) return []
  // Other views are built in the same schema: their indexes may have any name but these.
  const trialName = (at: number): string => `duro_${id}_${at}`
  const made = await takingBack(session, async () => {
    for (const [at, index] of declaredIndexes(relation, view, columns, trialName).entries()) {
      await makeIndex(work, session, { ...index, name: view.indexNames.own[at]?.name ?? index.name })
    }
    await session.query(printAlike)
    return captureIndexes(session, relation)
  })
  const printed = new Map(made.map((index) => [index.name, index]))
  return view.settings.indexes.flatMap((_, at) => printed.get(trialName(at)) ?? [])
}
