import type { ViewToBuild } from '../../builder.ts'
import { captureIndexes } from '../catalog/capture-relations.ts'
import type { CapturedIndex } from '../catalog/captured-relation.ts'
import type { Session } from '../connection/session.ts'
import { printAlike, takingBack } from '../connection/transaction.ts'
import { declaredIndexes } from '../statements/indexes.ts'
import type { MadeRelation } from './create-new.ts'
import { makeIndex } from './make-index.ts'
import type { Work } from './work.ts'

/**
 * The indexes that the settings declare, in their order, as the server prints them: only it knows whether one is the
 * same as one of the live version. Made for that on the new relation before it has rows, and taken back.
 */
export async function readDeclaredIndexes(work: Work, made: MadeRelation): Promise<readonly CapturedIndex[]> {
  const { session, relation, input } = work
  if (work.kind === 'view' || input.view.settings.indexes.length === 0) return []
  const printed = await takingBack(session, async () => {
    await makeDeclaredIndexes(session, input, relation, made)
    await session.query(printAlike)
    return captureIndexes(session, relation)
  })
  const byName = new Map(printed.map((index) => [index.name, index]))
  return input.view.settings.indexes.flatMap((_, at) => byName.get(trialName(made.id, at)) ?? [])
}

/** Other views are made in the same schema: their indexes may have any name but these. */
const trialName = (id: number, at: number): string => `duro_${id}_${at}`

/**
 * Under names of their own, on a relation without rows.
 * @throws SqlError that calls an index as the project does
 */
export async function makeDeclaredIndexes(
  session: Session,
  input: ViewToBuild,
  relation: string,
  { id, columns }: MadeRelation,
): Promise<void> {
  const { view } = input
  const indexes = declaredIndexes(relation, view, columns, (at) => trialName(id, at))
  for (const [at, index] of indexes.entries())
    await makeIndex(input, session, { ...index, name: view.indexNames.own[at]?.name ?? index.name })
}
