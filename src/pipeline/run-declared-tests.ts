import type { Row } from '../engine/engine.ts'
import type { Counted } from '../engine/totals.ts'
import type { TestFailure } from '../events.ts'
import type { Place } from '../project/place.ts'
import type { DeclaredTest } from '../project/view-settings.ts'
import type { View } from '../project/view.ts'
import { planDeclaredTests, screeningQuery, type ScreenedTest } from './declared-tests.ts'
import { counterexampleQuery, declaredQuestion } from './questions.ts'
import { failureOf, relationOf, sampleSize, type TestContext } from './test-context.ts'

/**
 * The declared tests of one view, in their order.
 * @param violated of a new version whose rows have been counted: what that has shown of the screened tests
 * @returns what did not hold
 */
export async function runDeclaredTests(
  view: View,
  context: TestContext,
  violated: Counted['violated'],
): Promise<TestFailure[]> {
  const { screened, single } = planDeclaredTests(view, context.rebuilt.has(view.name))
  const found = screened.filter((_, index) => violated?.[index])
  const suspects = new Set([
    ...(violated === null ? await screen(screened, view, context) : found),
    ...single,
  ])
  const failures: (TestFailure | null)[] = []
  for (const test of view.settings.tests) {
    if (suspects.has(test)) failures.push(await runOne(test, view, context))
  }
  return failures.filter((failure) => failure !== null)
}

/** @returns those that have to be looked at one by one */
async function screen(
  tests: readonly ScreenedTest[],
  view: View,
  context: TestContext,
): Promise<readonly DeclaredTest[]> {
  if (tests.length === 0) return []
  let row: Row = {}
  try {
    const sql = screeningQuery(tests, relationOf(view, context), context.engine.name)
    await ask(view, context, 'the declared tests', sql, (found) => {
      row = found
      return 'go on'
    })
  } catch (error) {
    // One of them cannot be run; which one shows when they are run alone.
    failureOf(error, context)
    return tests
  }
  return tests.filter((_, index) => row[`test_${index}`] !== false)
}

async function runOne(test: DeclaredTest, view: View, context: TestContext): Promise<TestFailure | null> {
  const query = counterexampleQuery(test, view, context)
  const samples: Row[] = []
  const place = view.places.tests.get(test.kind)
  const failure = { test: query.name, file: place?.file ?? null, line: place?.line ?? null }
  const onRow = (row: Row): 'go on' | 'stop' =>
    samples.push(tellingFirst(test, row)) < sampleSize ? 'go on' : 'stop'
  try {
    await ask(view, context, query.name, query.sql, onRow, place)
  } catch (error) {
    return { ...failure, ...failureOf(error, context) }
  }
  return samples.length === 0 ? null : { ...failure, message: query.complaint, samples, error: null }
}

/** The tested column before the others: a wide row is cut when it is shown. */
const tellingFirst = (test: DeclaredTest, row: Row): Row =>
  test.kind === 'not_null' ? { [test.column]: row[test.column], ...row } : row

async function ask(
  view: View,
  { engine, signal }: TestContext,
  what: string,
  sql: string,
  onRow: (row: Row) => 'go on' | 'stop',
  place?: Place,
): Promise<void> {
  await engine.ask(declaredQuestion(view, what, sql, place), onRow, signal)
}
