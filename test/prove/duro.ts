import { loadParser, type OpenDatabase } from '../../src/cli/command.ts'
import { connectEngine } from '../../src/cli/connect-engine.ts'
import type { Emit } from '../../src/events.ts'
import { buildGraph } from '../../src/graph/build-graph.ts'
import { selectViews } from '../../src/graph/selection.ts'
import { cleanup, type CleanupResult } from '../../src/pipeline/cleanup.ts'
import { execute } from '../../src/pipeline/execute.ts'
import type { RunResult } from '../../src/pipeline/refresh.ts'
import { newRunId } from '../../src/pipeline/run-id.ts'
import { readSituation } from '../../src/pipeline/read-situation.ts'
import { swapBack } from '../../src/pipeline/swap-back.ts'
import { viewsByState } from '../../src/plan/assess-views.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { guessEngine } from '../../src/project/guess-engine.ts'
import { loadProject } from '../../src/project/load-project.ts'
import { migrate } from '../../src/state/migrate.ts'
import { closeKilledRuns } from '../../src/state/runs.ts'
import { openState } from '../../src/state/state.ts'

/** One project on one database, driven without the command line: fast, and its events are at hand. */
export interface Duro {
  /** `duro refresh --force`. @param listen hears what happens, also in a run that fails */
  refresh(listen?: Emit): Promise<RunResult>
  /** `duro swap --back`. */
  swapBack(): Promise<void>
  /** `duro cleanup`. */
  cleanup(): Promise<CleanupResult>
}

const silence: Emit = () => undefined
const clock = (): Date => new Date()

export function duroOn(root: string, url: string): Duro {
  const { signal } = new AbortController()
  return {
    refresh: (emit = () => undefined) =>
      usingRun(root, url, 'refresh', emit, async (open) => {
        const now = new Date()
        await closeKilledRuns(open.state, now)
        const situation = await readSituation({ ...open, now })
        const { project, graph } = open
        const plan = makePlan({
          ...situation,
          graph,
          selection: selectViews([], [], {
            views: project.views,
            graph,
            states: () => viewsByState(situation),
            root,
            cwd: root,
          }),
          force: true,
          concurrency: project.settings.concurrency,
          published: situation.publications.keys(),
        })
        const options = {
          noSwap: false,
          keepGoing: false,
          failFast: false,
          replaceTables: false,
          timeout: null,
        }
        return execute(
          { ...open, ...situation, plan, id: newRunId(now), emit, signal, options, clock },
          { command: 'refresh', version: 'prove', beganAt: now, ofAllViews: true, revision: null },
        )
      }),
    swapBack: () =>
      usingRun(root, url, 'swap', silence, async (open) => {
        await swapBack({ ...open, emit: silence, signal, clock }, null)
      }),
    cleanup: () =>
      usingRun(root, url, 'cleanup', silence, async (open) => {
        const now = new Date()
        await closeKilledRuns(open.state, now)
        return cleanup({ ...open, emit: silence, signal }, { removed: false, dryRun: false, now })
      }),
  }
}

/** What every command does around its work: the folder, the connection, the run lock, the state tables. */
async function usingRun<T>(
  root: string,
  url: string,
  label: string,
  emit: Emit,
  callback: (open: OpenDatabase) => Promise<T>,
): Promise<T> {
  const { engine: grammar } = guessEngine(root, url, {})
  const parser = await loadParser(grammar)
  const project = await loadProject(root, { parser, engine: grammar, env: {} })
  const silent = { conceal: () => undefined, warn: () => undefined }
  const engine = await connectEngine({ engine: grammar, url, project, parser, ...silent })
  const state = openState(engine, project.settings.stateSchema)
  const { signal } = new AbortController()
  try {
    // The run before this one may have been cut off a moment ago.
    return await engine.usingRunLock({ wait: 30_000, label, emit, signal }, async () => {
      await migrate(state)
      return callback({
        project,
        grammar,
        parser,
        graph: buildGraph(project),
        env: {},
        variables: () => undefined,
        engine,
        state,
      })
    })
  } finally {
    await state.close().catch(() => undefined)
    await engine.close()
  }
}
