import type { ViewName } from '../project/view.ts'
import { compactLayers, type Item } from './compact-layers.ts'
import { gap, type Box, type Layout, type Point } from './layout.ts'

/** The order within the layers is the library's; its heights leave much room, and are found anew. */
export function placeLayers(
  boxes: ReadonlyMap<ViewName, Box>,
  pairs: readonly { from: ViewName; to: ViewName }[],
  bends: readonly (readonly Point[])[],
): Layout {
  const layers = new Map<number, Item[]>([...boxes.values()].map(({ x }) => [Math.round(x), []]))
  const add = (x: number, y: number, height: number): Item => {
    const item = { y, height, ties: [] }
    layers.get(Math.round(x))?.push(item)
    return item
  }
  const halves = new Map<number, number>()
  for (const { x, width } of boxes.values()) {
    halves.set(Math.round(x), Math.max(halves.get(Math.round(x)) ?? 0, width / 2))
  }
  const items = new Map([...boxes].map(([name, { x, y, height }]) => [name, add(x, y, height)]))
  const chains = pairs.map(({ from, to }, index) => {
    const start = boxes.get(from)
    const end = boxes.get(to)
    if (start === undefined || end === undefined) return []
    const between = (bends[index] ?? []).filter(
      ({ x }) => layers.has(Math.round(x)) && x > start.x + 1 && x < end.x - 1,
    )
    const chain = between.map(({ x, y }) => ({ x, item: add(x, y, 0) }))
    const all = [items.get(from), ...chain.map(({ item }) => item), items.get(to)]
    // Long lines are worth more than short ones: what goes through many layers should go straight.
    for (const [place, item] of all.entries()) {
      const next = all[place + 1]
      if (item !== undefined && next !== undefined)
        tie(item, next, item.height + next.height === 0 ? 6 : all.length > 2 ? 2 : 1)
    }
    return chain
  })
  const ordered = [...layers]
    .toSorted(([a], [b]) => a - b)
    .map(([, layer]) => layer.toSorted((a, b) => a.y - b.y))
  compactLayers(ordered, gapBetween)

  const all = ordered.flat()
  const top = Math.min(...all.map(({ y, height }) => y - height / 2))
  const placed = new Map(
    [...boxes].map(([name, box]) => [name, { ...box, y: (items.get(name)?.y ?? 0) - top }]),
  )
  const edges = pairs.map(({ from, to }, index) => {
    const start = placed.get(from)
    const end = placed.get(to)
    // Level all the way past the layer's boxes, else it would cut their corners.
    const points = (chains[index] ?? []).flatMap(({ x, item }) => {
      const half = halves.get(Math.round(x)) ?? 0
      return [x - half, x + half].map((side) => ({ x: side, y: item.y - top }))
    })
    if (start === undefined || end === undefined) return { from, to, points }
    const first = { x: start.x + start.width / 2, y: start.y }
    const last = { x: end.x - end.width / 2, y: end.y }
    return { from, to, points: [first, ...points, last] }
  })
  return {
    width: Math.max(...[...placed.values()].map(({ x, width }) => x + width / 2)),
    height: Math.max(...all.map(({ y, height }) => y + height / 2)) - top,
    boxes: placed,
    edges,
  }
}

/** Lines may run side by side, but not along a box. */
function gapBetween(a: Item, b: Item): number {
  if (a.height > 0 && b.height > 0) return gap.beside
  return a.height > 0 || b.height > 0 ? gap.beyond : gap.lines
}

function tie(a: Item, b: Item, weight: number): void {
  a.ties.push({ to: b, weight })
  b.ties.push({ to: a, weight })
}
