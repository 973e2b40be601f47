import type { ViewName } from '../project/view.ts'
import type { Graph } from './graph.ts'
import { gap, type Box, type Layout, type Point, type Size } from './layout.ts'
import { placeLayers } from './place-layers.ts'
import { refuseLarge } from './refuse-large.ts'
import { byName } from './sort-views.ts'

/** From here on the best ranks take longer to find than anybody waits. */
const many = 600

/**
 * Views in layers from left to right, each to the right of all that it reads, ordered so that few lines cross.
 * Views that neither read nor are read stand below, in rows: in the first layer they would only make it long.
 *
 * @throws DuroError (usage) where it would take minutes
 */
export async function layoutGraph(graph: Graph, sizes: ReadonlyMap<ViewName, Size>): Promise<Layout> {
  refuseLarge(graph)
  const isAlone = (name: ViewName): boolean =>
    graph.upstream.get(name)?.size === 0 && graph.downstream.get(name)?.size === 0
  const connected = await layoutLayers(
    graph,
    graph.order.filter((name) => !isAlone(name)),
    sizes,
  )
  return addRows(connected, graph.order.filter(isAlone).toSorted(byName), sizes)
}

async function layoutLayers(
  graph: Graph,
  names: readonly ViewName[],
  sizes: ReadonlyMap<ViewName, Size>,
): Promise<Layout> {
  if (names.length === 0) return { width: 0, height: 0, boxes: new Map(), edges: [] }
  const { graphlib, layout } = await import('@dagrejs/dagre')
  const drawn = new graphlib.Graph()
  drawn.setGraph({
    rankdir: 'LR',
    nodesep: gap.beside,
    ranksep: gap.between,
    edgesep: 6,
    ranker: names.length > many ? 'longest-path' : 'network-simplex',
  })
  drawn.setDefaultEdgeLabel(() => ({}))
  for (const name of names) drawn.setNode(name, { ...sizes.get(name) })
  const pairs = names.flatMap((from) =>
    [...(graph.downstream.get(from) ?? [])].toSorted(byName).map((to) => ({ from, to })),
  )
  for (const { from, to } of pairs) drawn.setEdge(from, to)
  layout(drawn)

  const boxes = new Map(names.map((name) => [name, boxOf(drawn.node(name))]))
  const bends = pairs.map(({ from, to }) => pointsOf(drawn.edge(from, to)))
  return placeLayers(boxes, pairs, bends)
}

function addRows(layout: Layout, names: readonly ViewName[], sizes: ReadonlyMap<ViewName, Size>): Layout {
  if (names.length === 0) return layout
  const boxes = new Map(layout.boxes)
  const all = names.map((name) => ({ name, ...(sizes.get(name) ?? { width: 0, height: 0 }) }))
  const area = all.reduce((sum, { width, height }) => sum + (width + gap.beside) * (height + gap.beside), 0)
  const limit = Math.max(layout.width, Math.sqrt(area) * 1.3, ...all.map(({ width }) => width))
  let x = 0
  let y = layout.height === 0 ? 0 : layout.height + gap.between / 2
  let bottom = y
  let right = layout.width
  for (const { name, width, height } of all) {
    if (x > 0 && x + width > limit) {
      x = 0
      y = bottom + gap.beside
    }
    boxes.set(name, { x: x + width / 2, y: y + height / 2, width, height })
    bottom = Math.max(bottom, y + height)
    right = Math.max(right, x + width)
    x += width + gap.beside
  }
  return { ...layout, boxes, width: right, height: bottom }
}

/** The library's answers have no types that say more than `any`. */
function boxOf(node: unknown): Box {
  return {
    x: numberOf(node, 'x'),
    y: numberOf(node, 'y'),
    width: numberOf(node, 'width'),
    height: numberOf(node, 'height'),
  }
}

function pointsOf(edge: unknown): Point[] {
  const points = typeof edge === 'object' && edge !== null && 'points' in edge ? edge.points : []
  if (!Array.isArray(points)) return []
  return points.map((point: unknown) => ({ x: numberOf(point, 'x'), y: numberOf(point, 'y') }))
}

function numberOf(value: unknown, key: string): number {
  const field: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return typeof field === 'number' ? field : 0
}
