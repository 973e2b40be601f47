import { DuroError } from '../errors.ts'
import type { ViewName } from '../project/view.ts'
import type { Graph } from './graph.ts'

/** How many layers all lines together may cross; about a minute and a gigabyte. */
const most = 30_000

/**
 * The time and the memory that a picture takes grow with the number of layers that its lines cross, and from some
 * thousand views on the memory would not do.
 *
 * @throws DuroError (usage)
 */
export function refuseLarge(graph: Graph): void {
  const layer = new Map<ViewName, number>()
  let crossed = 0
  for (const name of graph.order) {
    const reads = [...(graph.upstream.get(name) ?? [])].map((read) => layer.get(read) ?? 0)
    const own = reads.reduce((deepest, each) => Math.max(deepest, each + 1), 0)
    layer.set(name, own)
    for (const each of reads) crossed += own - each
  }
  if (crossed <= most) return
  throw new DuroError('usage', `${graph.order.length} views that read each other so much are no picture`, {
    hint: 'Choose some of them, as in `duro graph --format svg +first.cities`, or take tree, mermaid or dot.',
  })
}
