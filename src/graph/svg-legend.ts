import type { Materialized } from '../project/view-settings.ts'
import type { SchemaColor } from './schema-colors.ts'
import { drawShape } from './svg-shape.ts'
import { escapeXml, estimateWidth, shorten } from './svg-text.ts'

const swatch = { width: 26, height: 16 }
const row = 26
const size = 12

const kindNames: Readonly<Record<Materialized, string>> = {
  view: 'materialized view',
  table: 'table',
  none: 'plain view',
}

/** What shapes and colours mean, as far as the picture has them. @param room the width to fill */
export function drawLegend(
  colors: ReadonlyMap<string, SchemaColor>,
  kinds: ReadonlySet<Materialized>,
  room: number,
): { lines: string[]; height: number } {
  const shapes = (['view', 'table', 'none'] as const)
    .filter((kind) => kinds.has(kind))
    .map((kind) => ({ name: kindNames[kind], shape: drawShape(kind, swatch, undefined) }))
  const schemas = [...colors].map(([schema, color]) => ({
    name: shorten(schema, 40),
    shape: `<rect width="${swatch.width}" height="${swatch.height}" rx="3" fill="${color.fill}" stroke="${color.line}" stroke-width="1.5"/>`,
  }))
  const lines: string[] = []
  let x = 0
  let y = 0
  for (const items of [shapes, schemas]) {
    for (const { name, shape } of items) {
      const width = swatch.width + 8 + estimateWidth(name, size) + 22
      if (x > 0 && x + width > room) {
        x = 0
        y += row
      }
      lines.push(
        `<g transform="translate(${Math.round(x)} ${y})">${shape}<text x="${swatch.width + 8}" y="12.5" font-size="${size}">${escapeXml(name)}</text></g>`,
      )
      x += width
    }
    x = 0
    y += row
  }
  return { lines, height: y }
}
