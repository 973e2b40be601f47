import type { Trial } from '../engine/engine.ts'
import { DuroError, ProblemsError } from '../errors.ts'
import type { PlannedView } from '../plan/plan.ts'
import type { ViewName } from '../project/view.ts'
import { viewsNamedIn } from '../graph/find-reads.ts'
import { updateViewRun } from '../state/view-runs.ts'
import { summary } from './outcomes.ts'
import { readByTests } from './early-tests.ts'
import { questionsOf } from './questions.ts'
import { plannedViews, viewOf, type Run } from './run.ts'
import { viewToBuild } from './view-to-build.ts'

export type TrialRun = Pick<
  Run,
  'project' | 'graph' | 'plan' | 'engine' | 'publications' | 'leftovers' | 'signal'
>

/**
 * Tries the views of a plan whose definition is new, or what is asked of them, and those that read them: all others were
 * built as they are before. Those that ask for dated copies are tried too, as they may not have asked before.
 */
export async function tryOut(run: TrialRun): Promise<Trial[]> {
  const asksForCopies = ({ name }: PlannedView): boolean =>
    (run.project.views.get(name)?.settings.snapshotsInterval ?? null) !== null
  // What is live was built when nobody looked, perhaps.
  const hangsUnseen = ({ name, hangsOn }: PlannedView): boolean =>
    hangsOn !== null && hangsOn.some((other) => run.graph.upstream.get(name)?.has(other) !== true)
  const renewed = new Set<ViewName>()
  // Upstream first.
  for (const view of run.plan.views) {
    const readsRenewed = [...(run.graph.upstream.get(view.name) ?? [])].some((name) => renewed.has(name))
    if (readsRenewed || isRenewed(view) || hangsUnseen(view) || asksForCopies(view)) renewed.add(view.name)
  }
  const asked = new Set(renewed)
  for (const { name, asksAnew } of run.plan.views) if (asksAnew) asked.add(name)
  const tried = withAllThatTheyRead(asked, run)
  const aim = { ...run, rebuilt: tried }
  return run.engine.tryOut(
    [...tried].map((name) => ({
      ...viewToBuild(run, name, tried),
      names: viewsNamedIn(viewOf(run, name), run.project),
      isRenewed: asked.has(name),
      questions: asked.has(name) ? questionsOf(viewOf(run, name), aim) : [],
    })),
    {
      planned: plannedViews(run),
      known: [...run.project.views.values()],
      leftovers: run.leftovers,
      signal: run.signal,
    },
  )
}

/** With the views of the run that they or their tests read, which may have other columns than the live ones by then. */
function withAllThatTheyRead(names: ReadonlySet<ViewName>, run: TrialRun): ReadonlySet<ViewName> {
  const planned = new Set(run.plan.views.map(({ name }) => name))
  const needed = new Set(names)
  // What is added on the way is looked at too.
  for (const name of needed) {
    const byTests = names.has(name) ? readByTests(viewOf(run, name), run, planned) : []
    for (const read of [...(run.graph.upstream.get(name) ?? []), ...byTests])
      if (planned.has(read)) needed.add(read)
  }
  return new Set(run.plan.views.flatMap(({ name }) => (needed.has(name) ? [name] : [])))
}

const isRenewed = ({ reasons }: PlannedView): boolean =>
  reasons.some(({ kind }) => kind === 'changed' || kind === 'missing' || kind === 'never-built')

/**
 * Ends a run that cannot end well before it costs anything, with everything that is wrong at once, and says what
 * readers will notice of the others.
 * @returns with `--keep-going`: what cannot be built, and why
 * @throws DuroError
 */
export async function refuseDoomed(run: Run): Promise<ReadonlyMap<ViewName, Error>> {
  const trials = await tryUnlessBusy(run)
  const broken = trials.flatMap(({ view, broken: complaints }) =>
    complaints.map((complaint) => ({
      file: view.file.path,
      message: complaint,
      hint: 'Change or drop it first, or keep the columns that it uses, and their types. A view of this folder can be refreshed together with the other.',
    })),
  )
  if (broken.length > 0) throw new ProblemsError('preflight', broken)

  const refused = trials.flatMap(({ view, errors }) => errors.map((error) => ({ view: view.name, error })))
  if (refused.length > 0 && !run.options.keepGoing) {
    for (const { view, error } of refused) {
      run.emit({ type: 'view-failed', stage: error.code === 'test' ? 'test' : 'build', view, error })
    }
    for (const { view, errors } of trials) {
      if (errors.length === 0) continue
      const error = errors.map(({ message }) => message).join('\n')
      await updateViewRun(run.state, run.id, view.name, { outcome: 'failed', error })
    }
    throw summary(new Map(refused.map(({ view, error }) => [view, error])))
  }
  for (const { view, changes } of trials) {
    if (changes.length > 0) run.emit({ type: 'warning', view: view.name, message: describeChanges(changes) })
  }
  // The tests tell of their own failures.
  return new Map(
    refused
      .flatMap(({ view, error }) => (error.code === 'build' ? [[view, error] as const] : []))
      .toReversed(),
  )
}

/** Where a source stays locked nothing was learnt, which is no reason not to wait for it in the build. */
async function tryUnlessBusy(run: Run): Promise<Trial[]> {
  try {
    return await tryOut(run)
  } catch (error) {
    if (!(error instanceof DuroError) || error.code !== 'preflight') throw error
    run.emit({ type: 'notice', message: error.message })
    return []
  }
}

/** @param changes at least one, in words */
function describeChanges(changes: readonly string[]): string {
  return `${changes.join(', ')}; sessions that prepared a \`select *\` from it have to prepare it again`
}
