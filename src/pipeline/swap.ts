import { parseDeclared, type Declared } from '../engine/declared.ts'
import type { NamedView } from '../project/view.ts'
import type { SwapOutcome } from '../engine/engine.ts'
import { DuroError } from '../errors.ts'
import { noteReplacedStatement, publishStatements, type Publication } from '../state/publications.ts'
import { noteFollowUpStatements } from '../state/follow-ups.ts'
import { listRelations, loosenedFrom, movedStatements } from '../state/relations.ts'
import { recordSwap } from '../state/runs.ts'
import { followUp } from './follow-up.ts'
import { leftoverOf } from './leftover-of.ts'
import type { Run } from './run.ts'
import { dueStatements } from '../state/snapshots.ts'
import { dueAtPublication } from './due-copies.ts'
import { stage } from './stage.ts'

/** What a swap needs: `duro swap` has no more than this. */
export type SwapRun = Pick<
  Run,
  'id' | 'project' | 'publications' | 'engine' | 'state' | 'emit' | 'signal' | 'clock'
>

/** A view that waits to be published, with the object id of its new version. */
export interface Candidate {
  view: NamedView
  newId: number
  /** What the settings declared when it was built. */
  declared: Declared | null
}

/**
 * Publishes all of them in one transaction, and writes down in the same transaction that they are. While readers are
 * in the way it is tried again; when it is given up, the new versions wait for `duro swap`.
 * @throws DuroError when nothing was published
 */
export async function swap(run: SwapRun, candidates: readonly Candidate[]): Promise<DoneSwap> {
  return stage(run, 'swap', async () => {
    const views = candidates.map(({ view }) => view.name)
    const coming = new Set(candidates.map(({ newId }) => newId))
    const registered = new Map((await listRelations(run.state)).map((relation) => [relation.id, relation]))
    const others = [...registered.values()].filter(({ id }) => !coming.has(id))
    const due = await dueAtPublication(run, run.id, views)
    const outcome = await run.engine.swap(
      candidates.map(({ view, newId, declared }) => ({
        view,
        comingId: newId,
        comingAt: null,
        declared:
          declared === null
            ? null
            : { before: parseDeclared(run.publications.get(view.name)?.declared ?? null), now: declared },
        replaceable: [run.publications.get(view.name)?.relation, declared?.replaces].filter(
          (id) => typeof id === 'number',
        ),
        loosened: loosenedFrom(registered.get(newId)),
      })),
      {
        runId: run.id,
        direction: 'publish',
        staying: removedRelations(run),
        giveUpAfter: run.project.settings.swap.giveUpAfter,
        leftovers: others.map(leftoverOf),
        bookkeeping: (swapped, followUps) => [
          ...movedStatements(run.state, swapped, 'old', (view, id) =>
            publishedBy(run.publications.get(view), id),
          ),
          noteReplacedStatement(run.state, run.id, swapped),
          ...publishStatements(run.state, run.id, views),
          ...dueStatements(run.state, run.id, due),
          ...noteFollowUpStatements(run.state, followUps),
        ],
        emit: run.emit,
        signal: run.signal,
      },
    )
    await recordSwap(run.state, run.id, {
      attempts: outcome.attempts,
      waitedFor: outcome.waitedFor,
      lockedFor: outcome.kind === 'done' ? outcome.lockedFor : null,
    })
    const done = doneOrThrow(outcome)
    await followUp(run)
    return done
  })
}

/** The preflight has seen which of them may be left where they are. */
const removedRelations = ({ project, publications }: SwapRun): ReadonlySet<number> =>
  new Set(
    [...publications.values()].flatMap(({ name, relation }) => (project.views.has(name) ? [] : [relation])),
  )

export type DoneSwap = Extract<SwapOutcome, { kind: 'done' }>

/** @throws DuroError that says why nothing was published */
export function doneOrThrow(outcome: SwapOutcome): DoneSwap {
  if (outcome.kind === 'done') return outcome
  throw outcome.kind === 'blocked' ? blocked(outcome.waitedFor) : unknown(outcome.error)
}

/** The run that made what is replaced; empty when duro did not. `swap --back` makes that run's versions live again. */
function publishedBy(publication: Publication | undefined, id: number): string {
  return publication?.relation === id ? publication.run_id : ''
}

function blocked(blockers: readonly string[]): DuroError {
  const who =
    blockers.length === 0 ? '' : `\nIn the way:\n${blockers.map((blocker) => `  ${blocker}`).join('\n')}`
  return new DuroError('swap', `the swap was given up: readers were always in the way${who}`, {
    hint: 'The new versions are kept. `duro swap` tries again to publish them.',
  })
}

function unknown(cause: Error): DuroError {
  return new DuroError(
    'swap',
    'the connection was lost during the swap, and whether it was done is not known',
    {
      hint: 'It was done whole or not at all, and nothing was dropped. `duro cleanup` looks again and tidies up.',
      cause,
    },
  )
}
