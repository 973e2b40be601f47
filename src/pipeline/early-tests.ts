import type { TestFailure } from '../events.ts'
import type { View, ViewName } from '../project/view.ts'
import { readView } from '../graph/find-reads.ts'
import type { Background } from './background.ts'
import { testView } from './data-tests.ts'
import { viewOf, type Run } from './run.ts'
import { timed } from './stage.ts'

/** What the data tests of one view have found, and how many milliseconds they took. */
export interface Findings {
  failures: TestFailure[]
  duration: number
}

/**
 * Data tests that begin while other views are still built: as soon as the view, and all that its tests read, is ready.
 * What they find is told in the test stage.
 */
export interface EarlyTests {
  /** A view of the run can be tested. */
  ready(name: ViewName): void
  /**
   * What the tests of a view found, or will have found when they are done.
   * @param built the views whose new versions may be published
   * @returns null where they have not begun, or read a version that is not among them
   */
  findings(name: ViewName, built: ReadonlySet<ViewName>): Promise<Findings> | null
  /** Cancels what runs, and forgets what was found: all is built again. */
  startAgain(): Promise<void>
}

/** Nothing of them is left running. */
export async function usingEarlyTests<T>(
  run: Run,
  background: Background,
  callback: (tests: EarlyTests) => Promise<T>,
): Promise<T> {
  const rebuilt = new Set(run.plan.views.map((view) => view.name))
  const needed = new Map(
    [...rebuilt].map((name) => [name, [name, ...readByTests(viewOf(run, name), run, rebuilt)]]),
  )
  let cancelling = new AbortController()
  const ready = new Set<ViewName>()
  const begun = new Map<ViewName, Promise<Findings>>()

  const begin = (name: ViewName): void => {
    const signal = AbortSignal.any([run.signal, cancelling.signal])
    const findings = background.later(async () => {
      signal.throwIfAborted()
      const { project, engine } = run
      const view = viewOf(run, name)
      const { value, duration } = await timed(() => testView(view, { project, engine, rebuilt, signal }))
      return { failures: value, duration }
    })
    // Whoever asks for them gets the error; perhaps nobody does.
    findings.catch(() => undefined)
    begun.set(name, findings)
  }
  const startAgain = async (): Promise<void> => {
    cancelling.abort()
    await Promise.allSettled(begun.values())
    cancelling = new AbortController()
    ready.clear()
    begun.clear()
  }

  try {
    return await callback({
      ready(name) {
        ready.add(name)
        for (const [waiting, needs] of needed) {
          if (!begun.has(waiting) && needs.every((need) => ready.has(need))) begin(waiting)
        }
      },
      findings(name, built) {
        const isOfBuilt = (needed.get(name) ?? []).every((need) => built.has(need))
        return isOfBuilt ? (begun.get(name) ?? null) : null
      },
      startAgain,
    })
  } finally {
    await startAgain()
  }
}

/** The views of the run that the tests of a view read besides the view itself. */
function readByTests(
  view: View,
  { project }: Pick<Run, 'project'>,
  rebuilt: ReadonlySet<ViewName>,
): ViewName[] {
  const written = (view.tests?.statements ?? []).flatMap(({ references }) =>
    references.map((reference) => readView(reference, project)),
  )
  const declared = view.settings.tests.map((test) => (test.kind === 'relationships' ? test.to : null))
  return [...written, ...declared].flatMap((name) => (name !== null && rebuilt.has(name) ? [name] : []))
}
