import type { Materialized } from '../project/view-settings.ts'
import type { Size } from './layout.ts'
import type { SchemaColor } from './schema-colors.ts'

/** A box as its kind is drawn, also in the legend. */
export function drawShape(
  kind: Materialized,
  { width, height }: Size,
  color: SchemaColor | undefined,
): string {
  const { fill = '#f6f8fa', line = '#57606a' } = color ?? {}
  const radius = { view: 9, none: 9, table: 0 }[kind]
  const dashes = kind === 'none' ? ' stroke-dasharray="5 3"' : ''
  const box = `<rect width="${width}" height="${height}" rx="${radius}" fill="${kind === 'none' ? '#ffffff' : fill}" stroke="${line}" stroke-width="1.5"${dashes}/>`
  // The thick edge of a table looks like its header.
  return kind === 'table' ? `${box}<path d="M0,2H${width}" stroke="${line}" stroke-width="4"/>` : box
}
