import { appendTo } from '../append-to.ts'
import { parseDeclared, undeclared, type Declared } from '../engine/declared.ts'
import { DuroError } from '../errors.ts'
import type { SwapMember } from '../engine/engine.ts'
import type { ViewName } from '../project/view.ts'
import {
  publishStatements,
  readPublications,
  withdrawStatements,
  type Publication,
} from '../state/publications.ts'
import { noteFollowUpStatements } from '../state/follow-ups.ts'
import { listRelations, loosenedFrom, movedStatements, type RegisteredRelation } from '../state/relations.ts'
import type { Address } from '../sql/identifiers.ts'
import { listViewRuns } from '../state/view-runs.ts'
import { followUp } from './follow-up.ts'
import { leftoverOf } from './leftover-of.ts'
import { doneOrThrow, type SwapRun } from './swap.ts'
import { stage } from './stage.ts'
import { namedView } from './view-name.ts'

/**
 * Makes the versions live again that the last swap replaced, and takes away the views that it made for the first
 * time, all in one transaction. What was live is new again, so that `duro swap` can return to it.
 * @param lastRun whose versions go; null: those are meant that have replaced what is kept
 * @returns the run whose versions went, and the views that went back
 */
export async function swapBack(
  run: Omit<SwapRun, 'id' | 'publications'>,
  lastRun: string | null = null,
): Promise<{ runId: string; views: ViewName[] }> {
  return stage(run, 'swap', async () => {
    const registered = await listRelations(run.state)
    const kept = registered.filter((relation) => relation.place === 'old')
    const publications = await readPublications(run.state)
    const runId = lastRun ?? findLastSwap(publications, kept)
    const views = [...publications.values()]
      .filter((publication) => publication.run_id === runId)
      // What was built first is read by what came later.
      .toSorted((one, other) => one.relation - other.relation)
      .map(({ name }) => name)
    const old = kept.filter((relation) => views.includes(relation.view))
    const replaced = new Map(old.map((relation) => [relation.view, relation]))
    await refuseGaps(run, runId, views, replaced)
    const declared = await readDeclared(run, old)
    const outcome = await run.engine.swap(
      views.map((name) => ({
        view: namedView(name),
        comingId: replaced.get(name)?.id ?? null,
        comingAt: addressOf(replaced.get(name)),
        declared: turnedRound(
          parseDeclared(publications.get(name)?.declared ?? null),
          declared.get(name) ?? undeclared,
        ),
        replaceable: [publications.get(name)?.relation].filter((id) => id !== undefined),
        loosened: loosenedFrom(replaced.get(name)),
      })),
      {
        runId,
        direction: 'back',
        staying: new Set(),
        giveUpAfter: run.project.settings.swap.giveUpAfter,
        leftovers: registered.filter((relation) => !old.includes(relation)).map(leftoverOf),
        bookkeeping: (swapped, followUps) => [
          ...movedStatements(run.state, swapped, 'new', () => runId),
          ...withdrawStatements(run.state, runId, views),
          ...byRun(old).flatMap(([earlier, names]) => publishStatements(run.state, earlier, names)),
          ...noteFollowUpStatements(run.state, followUps),
        ],
        emit: run.emit,
        signal: run.signal,
      },
    )
    doneOrThrow(outcome)
    await followUp(run)
    await run.engine.tidy([...new Set(views.map((name) => namedView(name).schema))])
    return { runId, views }
  })
}

const addressOf = (relation: RegisteredRelation | undefined): Address | null =>
  relation === undefined ? null : { schema: relation.schema_name, name: relation.relation_name }

/** What the two had in common when they parted, the later one has noted. */
const turnedRound = (later: Declared | null, earlier: Declared): SwapMember['declared'] => ({
  before: later,
  now: { ...earlier, takenOver: later?.takenOver ?? null },
})

/** What the settings declared when the old versions were built; a view whose old one duro did not make has no entry. */
async function readDeclared(
  run: Pick<SwapRun, 'state'>,
  old: readonly RegisteredRelation[],
): Promise<ReadonlyMap<ViewName, Declared | null>> {
  const found = new Map<ViewName, Declared | null>()
  for (const [runId, views] of byRun(old)) {
    for (const row of await listViewRuns(run.state, runId)) {
      if (views.includes(row.view)) found.set(row.view, parseDeclared(row.declared))
    }
  }
  return found
}

/** A view that replaced something can only go back to that; what replaced nothing goes. */
async function refuseGaps(
  run: Pick<SwapRun, 'state'>,
  runId: string,
  views: readonly ViewName[],
  kept: ReadonlyMap<ViewName, RegisteredRelation>,
): Promise<void> {
  const before = new Map(
    (await listViewRuns(run.state, runId)).map((row) => [row.view, row.replaced_relation]),
  )
  const gone = views.filter((name) => {
    const id = before.get(name) ?? null
    return id !== null && kept.get(name)?.id !== id
  })
  if (gone.length > 0) {
    throw new DuroError(
      'swap',
      `the old version is gone of ${gone.join(', ')}, and a part of a set does not go back`,
      {
        hint: 'Correct what is wrong and run duro refresh.',
      },
    )
  }
}

/** The newest run whose versions replaced kept ones: of an earlier swap one may be left that could not be dropped. */
function findLastSwap(
  publications: ReadonlyMap<ViewName, Publication>,
  old: readonly RegisteredRelation[],
): string {
  if (old.length === 0) {
    throw new DuroError('swap', 'there is no old version to return to', {
      hint: 'With `keep_previous: true` in duro.yaml it is kept until the next refresh, or until it is returned to.',
    })
  }
  const runId = old
    .flatMap((relation) => publications.get(relation.view)?.run_id ?? [])
    .toSorted()
    .at(-1)
  if (runId === undefined) throw new DuroError('swap', 'nothing is published that could be taken back')
  return runId
}

/** The views by the run that made their old versions; those that duro did not make are left out. */
function byRun(old: readonly RegisteredRelation[]): [string, ViewName[]][] {
  const runs = new Map<string, ViewName[]>()
  for (const { run_id, view } of old) {
    if (run_id !== '') appendTo(runs, run_id, view)
  }
  return [...runs]
}
