import type { Materialized } from '../project/view-settings.ts'
import type { View, ViewName } from '../project/view.ts'
import type { Graph } from './graph.ts'
import type { Box, Layout, Size } from './layout.ts'
import { layoutGraph } from './layout-graph.ts'
import { colorsOf, type SchemaColor } from './schema-colors.ts'
import { smoothLine } from './smooth-line.ts'
import { drawLegend } from './svg-legend.ts'
import { drawShape } from './svg-shape.ts'
import { escapeXml, estimateWidth, shorten } from './svg-text.ts'

export interface Picture {
  graph: Graph
  views: ReadonlyMap<ViewName, Pick<View, 'schema' | 'relation' | 'settings'>>
  /** How old each may be, in words. */
  labels: ReadonlyMap<ViewName, string>
  title: string
}

const font = { name: 13, below: 11, title: 18 }
const margin = 24
const header = 40
const padding = 12
const boxHeight = 42
const longestName = 44

/**
 * The graph as a picture that needs nothing else: no script, no font, no style from outside. A view is a box in the
 * colour of its schema, rounded when it is a materialized view, with square corners when it is a table, and dashed
 * when it is a plain view. The data flows from left to right.
 */
export async function drawSvg(picture: Picture): Promise<string> {
  const { graph, views } = picture
  const sizes = new Map(graph.order.map((name) => [name, sizeOf(name, picture)]))
  const layout = await layoutGraph(graph, sizes)
  const colors = colorsOf(graph.order.map((name) => views.get(name)?.schema ?? ''))
  const kinds = new Set(graph.order.map((name) => kindOf(name, picture)))
  const title = `${picture.title}: ${graph.order.length} ${graph.order.length === 1 ? 'view' : 'views'}`
  const room = Math.max(layout.width, estimateWidth(title, font.title), 320)
  const legend = drawLegend(colors, kinds, room)
  const width = Math.ceil(room + 2 * margin)
  const top = margin + header
  const height = Math.ceil(top + layout.height + margin + legend.height + margin)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    style,
    arrowHead,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text class="title" x="${margin}" y="${margin + font.title}">${escapeXml(title)}</text>`,
    `<g transform="translate(${margin} ${top})">`,
    ...drawEdges(layout),
    ...graph.order.map((name) => drawBox(name, layout.boxes.get(name), colors, picture)),
    '</g>',
    `<g transform="translate(${margin} ${Math.ceil(top + layout.height + margin)})">`,
    ...legend.lines,
    '</g>',
    '</svg>',
  ].join('\n')
}

const style = `<style>
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: ${font.title}px; font-weight: 600 }
.name { font-size: ${font.name}px; font-weight: 600 }
.below { font-size: ${font.below}px; fill: #4a525c }
.edge { fill: none; stroke: #6e7781; stroke-width: 1.3; stroke-opacity: .75 }
.edge:hover { stroke: #0550ae; stroke-width: 2.5; stroke-opacity: 1 }
</style>`

const arrowHead =
  '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">' +
  '<path d="M0,0.5L8,4L0,7.5z" fill="#6e7781"/></marker></defs>'

function sizeOf(name: ViewName, picture: Picture): Size {
  const { relation, below } = textsOf(name, picture)
  const text = Math.max(estimateWidth(relation, font.name) * 1.1, estimateWidth(below, font.below))
  return { width: Math.ceil(Math.max(text, 60) + 2 * padding + 4), height: boxHeight }
}

function textsOf(name: ViewName, { views, labels }: Picture): { relation: string; below: string } {
  const view = views.get(name)
  const label = labels.get(name)
  return {
    relation: shorten(view?.relation ?? name, longestName),
    below: shorten([view?.schema ?? '', ...(label === undefined ? [] : [label])].join(' · '), longestName),
  }
}

function drawEdges({ edges }: Layout): string[] {
  return edges.map(
    ({ from, to, points }) =>
      `<path class="edge" marker-end="url(#arrow)" d="${smoothLine(points)}"><title>${escapeXml(`${to} reads ${from}`)}</title></path>`,
  )
}

function drawBox(
  name: ViewName,
  box: Box | undefined,
  colors: ReadonlyMap<string, SchemaColor>,
  picture: Picture,
): string {
  if (box === undefined) return ''
  const { relation, below } = textsOf(name, picture)
  const color = colors.get(picture.views.get(name)?.schema ?? '')
  const x = Math.round(box.x - box.width / 2)
  const y = Math.round(box.y - box.height / 2)
  return [
    `<g transform="translate(${x} ${y})"><title>${escapeXml(name)}</title>`,
    drawShape(kindOf(name, picture), { width: box.width, height: box.height }, color),
    `<text class="name" x="${padding + 2}" y="18">${escapeXml(relation)}</text>`,
    `<text class="below" x="${padding + 2}" y="33">${escapeXml(below)}</text></g>`,
  ].join('')
}

function kindOf(name: ViewName, { views }: Picture): Materialized {
  return views.get(name)?.settings.materialized ?? 'view'
}
