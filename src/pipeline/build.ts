import { parseDeclared, type Declared } from '../engine/declared.ts'
import type { Builder, BuiltView, SourceName } from '../engine/engine.ts'
import { guessDurations } from '../plan/expected-durations.ts'
import type { ViewName } from '../project/view.ts'
import { registerStatement } from '../state/relations.ts'
import { insertTotals } from '../state/totals.ts'
import { updateViewRun } from '../state/view-runs.ts'
import { aimAtNew } from './aim.ts'
import type { Outcomes } from './outcomes.ts'
import { viewOf, type Run } from './run.ts'
import { runInOrder } from './run-in-order.ts'
import { stage, timed } from './stage.ts'

/** Makes the new version of every view of the plan, beside the live ones. */
export async function build(run: Run): Promise<Outcomes<BuiltView>> {
  return stage(run, 'build', async () => {
    const { oneInstant, concurrency } = run.project.settings
    const options = {
      runId: run.id,
      oneInstant,
      sources: sourcesOf(run),
      register: (relation: Parameters<typeof registerStatement>[1]) =>
        registerStatement(run.state.schema, relation),
    }
    return run.engine.usingBuilder(options, async (builder) => {
      const instant = oneInstant ? new Date() : null
      const rebuilt = new Set(run.plan.views.map((view) => view.name))
      const outcomes = await runInOrder({
        tasks: run.plan.views,
        durations: guessDurations(run.plan.views),
        concurrency,
        work: (name, signal) => buildOne(run, builder, name, rebuilt, instant ?? new Date(), signal),
        onFailure: run.options.keepGoing ? 'keep going' : run.options.failFast ? 'cancel' : 'finish',
        signal: run.signal,
      })
      await reportSkipped(run, outcomes)
      await builder.verify(
        [...outcomes].flatMap(([name, outcome]) => (outcome.kind === 'done' ? [viewOf(run, name)] : [])),
      )
      return outcomes
    })
  })
}

function sourcesOf(run: Run): SourceName[] {
  const sources = new Map<string, SourceName>()
  for (const { name } of run.plan.views) {
    for (const source of run.graph.sources.get(name) ?? []) {
      sources.set(JSON.stringify([source.schema, source.name]), source)
    }
  }
  return [...sources.values()]
}

async function buildOne(
  run: Run,
  builder: Builder,
  name: ViewName,
  rebuilt: ReadonlySet<ViewName>,
  beganAt: Date,
  signal: AbortSignal,
): Promise<BuiltView> {
  const view = viewOf(run, name)
  run.emit({ type: 'view-started', stage: 'build', view: name })
  await updateViewRun(run.state, run.id, name, { build_began_at: beganAt })
  try {
    const { value: built, duration } = await timed(() =>
      builder.build(
        {
          view,
          sql: aimAtNew(view.select, view.select.statement, rebuilt, run),
          declaredBefore: declaredBefore(run, name),
        },
        signal,
      ),
    )
    const rows = built.totals['rows'] ?? null
    await insertTotals(run.state, run.id, name, 'after', built.totals)
    await updateViewRun(run.state, run.id, name, {
      outcome: 'built',
      build_duration: duration,
      new_relation: built.id,
      storage: built.storage,
      declared: JSON.stringify(built.declared),
      row_count: rows === null ? null : Number(rows),
    })
    for (const notice of built.notices) run.emit({ type: 'warning', view: name, message: notice })
    run.emit({
      type: 'view-finished',
      stage: 'build',
      view: name,
      duration,
      rows: rows === null ? null : Number(rows),
    })
    return built
  } catch (error) {
    if (!signal.aborted) await reportFailure(run, name, error)
    throw error
  }
}

async function reportFailure(run: Run, name: ViewName, error: unknown): Promise<void> {
  const failure = error instanceof Error ? error : new Error(String(error))
  run.emit({ type: 'view-failed', stage: 'build', view: name, error: failure })
  await updateViewRun(run.state, run.id, name, { outcome: 'failed', error: failure.message })
}

async function reportSkipped(run: Run, outcomes: Outcomes<BuiltView>): Promise<void> {
  for (const [view, outcome] of outcomes) {
    if (outcome.kind !== 'skipped') continue
    run.emit({ type: 'view-skipped', view, because: outcome.because })
    await updateViewRun(run.state, run.id, view, { outcome: 'skipped', error: `${outcome.because} failed` })
  }
}

function declaredBefore(run: Run, name: ViewName): Declared | null {
  const publication = run.publications.get(name)
  return publication === undefined ? null : parseDeclared(publication.declared)
}
