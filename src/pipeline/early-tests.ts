import { isCounted, type Counted } from '../engine/totals.ts'
import { DuroError } from '../errors.ts'
import type { TestFailure, Totals } from '../events.ts'
import type { View, ViewName } from '../project/view.ts'
import { readView } from '../graph/find-reads.ts'
import { readByTotal } from './aim-totals.ts'
import type { Background } from './background.ts'
import { countLate } from './count-late.ts'
import { testView } from './data-tests.ts'
import { viewOf, type Run } from './run.ts'
import { timed } from './stage.ts'
import type { TestContext } from './test-context.ts'

/** What the data tests of one view have found, and how many milliseconds they took. */
export interface Findings {
  failures: TestFailure[]
  /** Those that read other views. */
  totals: Totals
  duration: number
}

/**
 * Data tests that begin while other views are still built: as soon as the view, and all that its tests read, is ready.
 * What they find is told in the test stage.
 */
export interface EarlyTests {
  /** A view of the run can be tested. */
  testable(name: ViewName, violated: Counted['violated']): void
  /**
   * What the tests of a view have found, when they are done.
   * @param built the views whose new versions may be published
   * @returns null where they did not begin, for want of a connection too, or read a version that is not among them
   */
  findings(name: ViewName, built: ReadonlySet<ViewName>): Promise<Findings | null>
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
  const neededBy = new Map([...rebuilt].map((name): [ViewName, ViewName[]] => [name, []]))
  for (const [name, needs] of needed) for (const need of needs) neededBy.get(need)?.push(name)
  let cancelling = new AbortController()
  const testable = new Map<ViewName, Counted['violated']>()
  const begun = new Map<ViewName, Promise<Findings>>()

  const begin = (name: ViewName): void => {
    const signal = AbortSignal.any([run.signal, cancelling.signal])
    const findings = background.later(async () => {
      signal.throwIfAborted()
      return testNow(run, viewOf(run, name), { rebuilt, violated: testable.get(name) ?? null, signal })
    })
    // Whoever asks for them gets the error; perhaps nobody does.
    findings.catch(() => undefined)
    begun.set(name, findings)
  }
  const startAgain = async (): Promise<void> => {
    cancelling.abort()
    await Promise.allSettled(begun.values())
    cancelling = new AbortController()
    testable.clear()
    begun.clear()
  }

  try {
    return await callback({
      testable(name, violated) {
        testable.set(name, violated)
        for (const waiting of neededBy.get(name) ?? []) {
          const isReady = needed.get(waiting)?.every((need) => testable.has(need)) ?? false
          if (isReady && !begun.has(waiting)) begin(waiting)
        }
      },
      async findings(name, built) {
        const isOfBuilt = (needed.get(name) ?? []).every((need) => built.has(need))
        if (!isOfBuilt) return null
        try {
          return (await begun.get(name)) ?? null
        } catch (error) {
          if (error instanceof DuroError && error.code === 'connection') return null
          throw error
        }
      },
      startAgain,
    })
  } finally {
    await startAgain()
  }
}

/** The views of the run that the tests and totals of a view read besides the view itself. */
export function readByTests(
  view: View,
  { project }: Pick<Run, 'project'>,
  rebuilt: ReadonlySet<ViewName>,
): ViewName[] {
  const written = (view.tests?.statements ?? []).flatMap(({ references }) =>
    references.map((reference) => readView(reference, project)),
  )
  const declared = view.settings.tests.map((test) => (test.kind === 'relationships' ? test.to : null))
  const counted = isCounted(view.settings) ? Object.keys(view.settings.totals) : []
  const byTotals = counted.flatMap((total) => readByTotal(view, total, project))
  return [...written, ...declared, ...byTotals].flatMap((name) =>
    name !== null && rebuilt.has(name) ? [name] : [],
  )
}

export async function testNow(
  { project, engine }: Run,
  view: View,
  { rebuilt, violated, signal }: Pick<TestContext, 'rebuilt' | 'signal'> & Pick<Counted, 'violated'>,
): Promise<Findings> {
  const context = { project, engine, rebuilt, signal }
  const { value, duration } = await timed(async () => {
    const failures = await testView(view, context, violated)
    const counted = await countLate(view, context)
    return { failures: [...failures, ...counted.failures], totals: counted.totals }
  })
  return { ...value, duration }
}
