import { padToWidth, textWidth } from './text-width.ts'

export type Align = 'left' | 'right'

/** Rows of cells as aligned lines, two spaces between columns; cells may be coloured. */
export function formatTable(rows: readonly (readonly string[])[], align: readonly Align[] = []): string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textWidth(cell))
    })
  }
  return rows.map((row) =>
    row
      .map((cell, column) => padToWidth(cell, widths[column] ?? 0, align[column]))
      .join('  ')
      .trimEnd(),
  )
}

export function indent(lines: readonly string[], by = '  '): string[] {
  return lines.map((line) => (line === '' ? line : by + line))
}

/** The opposite of `indent`, as far as lines are indented. */
export function outdent(lines: readonly string[], by = '  '): string[] {
  return lines.map((line) => (line.startsWith(by) ? line.slice(by.length) : line))
}
