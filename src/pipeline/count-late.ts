import type { TestFailure, Totals } from '../events.ts'
import type { View } from '../project/view.ts'
import { aimTotals, lateTotals } from './aim-totals.ts'
import { failureOf, type TestContext } from './test-context.ts'

/** Counts the totals of a version that read other views; what cannot be counted is a failure like that of a data test. */
export async function countLate(
  view: View,
  context: TestContext,
): Promise<{ totals: Totals; failures: TestFailure[] }> {
  const { project, engine, rebuilt, signal } = context
  const late = lateTotals(view, project)
  if (late.size === 0) return { totals: {}, failures: [] }
  try {
    const wanted = aimTotals(view, rebuilt, context, (total) => late.has(total))
    const counted = Object.entries(await engine.totals(view, wanted, signal))
    return { totals: Object.fromEntries(counted.filter(([total]) => late.has(total))), failures: [] }
  } catch (error) {
    const [place] = [...late].map((total) => view.places.totals.get(total))
    const at = { file: place?.file ?? null, line: place?.line ?? null }
    return {
      totals: {},
      failures: [{ test: `totals.${[...late].join(', ')}`, ...at, ...failureOf(error, context) }],
    }
  }
}
