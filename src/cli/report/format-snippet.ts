import type { SourceLocation } from '../../errors.ts'
import type { Colors } from '../colors.ts'
import { printable, toCells, type Cell } from './text-width.ts'

/** The least that is shown of a line, on however narrow a terminal. */
const narrowest = 20

/**
 * The line that an error points to with a caret under its column, a gutter with the line's number before both:
 *
 *     3 | select 1 / population
 *       |          ^
 */
export function formatSnippet(location: SourceLocation, colors: Colors, columns: number): string[] {
  const number = String(location.line)
  const cells = toCells(printable(location.lineText, 'tabs'))
  const target = cellAt(cells, charactersBefore(location))
  const window = cutAround(cells, target, Math.max(narrowest, columns - number.length - 3))
  const before = window.cells.slice(0, window.target)
  return [
    `${colors.dim(`${number} |`)} ${textOf(window.cells)}`.trimEnd(),
    `${colors.dim(`${' '.repeat(number.length)} |`)} ${before.map(blank).join('')}${colors.red('^')}`,
  ]
}

/** The text before the error as it is printed; columns count characters, not UTF-16 code units. */
function charactersBefore({ lineText, column }: SourceLocation): number {
  const before = Array.from(lineText)
    .slice(0, Math.max(0, column - 1))
    .join('')
  return printable(before, 'tabs').length
}

/** The cell that holds the code unit at `offset`; one past the last cell when the error is at the line's end. */
function cellAt(cells: readonly Cell[], offset: number): number {
  let start = 0
  for (const [index, cell] of cells.entries()) {
    start += cell.text.length
    if (offset < start) return index
  }
  return cells.length
}

/** As many cells around the target as fit, an ellipsis where something was left out. */
function cutAround(all: readonly Cell[], target: number, columns: number): { cells: Cell[]; target: number } {
  if (widthOf(all) <= columns) return { cells: [...all], target }

  // Two cells are kept for the ellipses. A third of the line before the error, the rest from there on.
  const room = columns - 2
  let start = target
  while (start > 0 && widthOf(all.slice(start - 1, target)) <= Math.floor(room / 3)) start--
  let end = start
  while (end < all.length && widthOf(all.slice(start, end + 1)) <= room) end++
  // What the end of the line leaves free goes to its beginning.
  while (start > 0 && widthOf(all.slice(start - 1, end)) <= room) start--

  const ellipsis: Cell = { text: '…', width: 1 }
  const cells = [
    ...(start > 0 ? [ellipsis] : []),
    ...all.slice(start, end),
    ...(end < all.length ? [ellipsis] : []),
  ]
  return { cells, target: target - start + (start > 0 ? 1 : 0) }
}

/** What stands under a cell in the caret's line: a tab under a tab, so that both lines stay in step. */
function blank(cell: Cell): string {
  return cell.text === '\t' ? '\t' : ' '.repeat(cell.width)
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + (cell.text === '\t' ? 8 : cell.width), 0)
}

function textOf(cells: readonly Cell[]): string {
  return cells.map((cell) => cell.text).join('')
}
