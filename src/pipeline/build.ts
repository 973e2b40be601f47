import { type BuildOptions, type BuiltView, SourceRewrittenError } from '../engine/builder.ts'
import type { SourceName } from '../engine/sources.ts'
import { guessDurations } from '../plan/expected-durations.ts'
import { createUsingRows } from '../import/using-rows.ts'
import type { ViewName } from '../project/view.ts'
import { namedView } from './view-name.ts'
import { registerStatement } from '../state/relations.ts'
import { forgetTotals } from '../state/totals.ts'
import { updateViewRun } from '../state/view-runs.ts'
import type { Background } from './background.ts'
import { buildOne } from './build-one.ts'
import { dropToBuildAgain } from './drop-relations.ts'
import type { EarlyTests } from './early-tests.ts'
import { failuresOf, type Outcome, type Outcomes } from './outcomes.ts'
import { viewOf, type Run } from './run.ts'
import { runInOrder } from './run-in-order.ts'
import { createSettling } from './settling.ts'
import { stage } from './stage.ts'

/** How often all is built again because a source was truncated, rewritten or replaced meanwhile. */
const retries = 4

/**
 * Makes the new version of every view of the plan, beside the live ones.
 * @param doomed what is known to fail, and is not tried
 */
export async function build(
  run: Run,
  background: Background,
  tests: EarlyTests,
  doomed: ReadonlyMap<ViewName, Error>,
): Promise<Outcomes<BuiltView>> {
  return stage(run, 'build', async () => {
    for (let attempt = 0; ; attempt++) {
      const outcomes = await buildAtOneInstant(run, background, tests, doomed)
      const rewritten = [...failuresOf(outcomes).values()].find(
        (error) => error instanceof SourceRewrittenError,
      )
      if (rewritten === undefined || attempt === retries) {
        await reportSkipped(run, outcomes)
        return outcomes
      }
      run.emit({ type: 'warning', message: `${rewritten.message}; all of them are built again` })
      await tests.startAgain()
      await dropToBuildAgain(run)
      await forgetTotals(run.state, run.id, 'after')
    }
  })
}

async function buildAtOneInstant(
  run: Run,
  background: Background,
  tests: EarlyTests,
  doomed: ReadonlyMap<ViewName, Error>,
): Promise<Outcomes<BuiltView>> {
  const { oneInstant, fillTables, concurrency, swap } = run.project.settings
  const options: BuildOptions = {
    runId: run.id,
    oneInstant,
    fillTables,
    replaceTables: run.options.replaceTables,
    waitFor: swap.giveUpAfter,
    emit: run.emit,
    signal: run.signal,
    sources: sourcesOf(run),
    usingRows: createUsingRows(run),
    helping: (work) => void background.soon(work),
    register: (relation) => registerStatement(run.state, relation),
  }
  // Taken before the snapshot is: rather a moment too old than too young.
  const instant = oneInstant ? run.clock() : null
  return run.engine.usingBuilder(options, async (builder) => {
    const rebuilt = new Set(run.plan.views.map((view) => view.name))
    const expected = new Map(run.plan.views.map((view) => [view.name, view.expected]))
    const signals = new Map<ViewName, AbortSignal>()
    const settling = createSettling(background, (name, violated) => tests.testable(name, violated))
    const outcomes = await runInOrder({
      tasks: run.plan.views,
      durations: guessDurations(run.plan.views),
      concurrency,
      work: async (name, signal) => {
        const beganAt = instant ?? run.clock()
        const task = {
          builder,
          name,
          rebuilt,
          beganAt,
          expected: expected.get(name) ?? null,
          doomed: doomed.get(name) ?? null,
        }
        signals.set(name, signal)
        settling.add(name, await background.building(() => buildOne(run, task, signal)))
      },
      onFailure: run.options.keepGoing ? 'keep going' : run.options.failFast ? 'cancel' : 'finish',
      signal: run.signal,
    }).catch(async (error: unknown) => {
      await settling.done()
      throw error
    })
    const settled = settle(outcomes, await settling.done(), (name) =>
      Boolean(signals.get(name)?.aborted && !run.signal.aborted),
    )
    await builder.verify(
      [...settled].flatMap(([name, outcome]) => (outcome.kind === 'done' ? [viewOf(run, name)] : [])),
    )
    return settled
  })
}

/**
 * A view is built when it is settled.
 * @param isCancelled whether the work on a view was ended since another one failed
 */
function settle(
  made: Outcomes<void>,
  settled: Outcomes<BuiltView>,
  isCancelled: (name: ViewName) => boolean,
): Outcomes<BuiltView> {
  const [firstFailure] = failuresOf(made).keys()
  return new Map(
    [...made].flatMap(([name, outcome]): [ViewName, Outcome<BuiltView>][] => {
      const end = outcome.kind === 'done' ? settled.get(name) : outcome
      if (end === undefined) return []
      const isNobodysFault = end.kind === 'failed' && firstFailure !== undefined && isCancelled(name)
      return [
        [name, isNobodysFault && outcome.kind === 'done' ? { kind: 'skipped', because: firstFailure } : end],
      ]
    }),
  )
}

/** What is read and not rebuilt: relations that duro does not manage, and views that are fresh. */
function sourcesOf(run: Run): SourceName[] {
  const rebuilt = new Set(run.plan.views.map((view) => view.name))
  const sources = new Map<string, SourceName>()
  for (const { name } of run.plan.views) {
    const fresh = [...(run.graph.upstream.get(name) ?? [])]
      .filter((upstream) => !rebuilt.has(upstream))
      .map(namedView)
    for (const { schema, relation } of fresh) sources.set(`${schema}.${relation}`, { schema, name: relation })
    for (const source of run.graph.sources.get(name) ?? []) {
      sources.set(JSON.stringify([source.schema, source.name]), source)
    }
  }
  return [...sources.values()]
}

async function reportSkipped(run: Run, outcomes: Outcomes<BuiltView>): Promise<void> {
  for (const [view, outcome] of outcomes) {
    if (outcome.kind !== 'skipped') continue
    run.emit({ type: 'view-skipped', view, because: outcome.because })
    await updateViewRun(run.state, run.id, view, { outcome: 'skipped', error: `${outcome.because} failed` })
  }
}
