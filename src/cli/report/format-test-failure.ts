import type { SqlError } from '../../errors.ts'
import type { TestFailure } from '../../events.ts'
import type { ViewName } from '../../project/view.ts'
import type { Colors } from '../colors.ts'
import { formatError, formatPlace, type ErrorFormat } from './format-error.ts'
import { formatTable, indent, outdent } from './format-table.ts'
import { toJsonValue } from './json-value.ts'
import { cutToWidth, printable, textWidth } from './text-width.ts'

const mostSamples = 5
const mostColumns = 8
const widestCell = 30

/** `first.cities: test not_null(name) failed: 2 of 120 rows have no name`. */
export function summarizeTestFailure(view: ViewName, { test, message }: TestFailure): string {
  const [first = ''] = printable(message, 'line breaks and tabs').split('\n')
  return `${view}: test ${test} failed: ${first}`
}

/** What belongs below the summary: the rest of the message, where the test stands, and rows that did not hold. */
export function testFailureDetails(failure: TestFailure, colors: Colors, format: ErrorFormat = {}): string[] {
  const { message, file, line, samples, error } = failure
  const more = printable(message, 'line breaks and tabs').split('\n').slice(1)
  const place = file === null ? [] : [colors.cyan(formatPlace(file, line))]
  // The server's own place is the more exact one.
  const evidence = error === null ? place : errorEvidence(error, message, colors, format)
  return [...more, ...evidence, ...formatSamples(samples, colors, format.columns)]
}

/** What the error says beyond the failure's own message. */
function errorEvidence(error: SqlError, said: string, colors: Colors, format: ErrorFormat): string[] {
  const lines = formatError(error, colors, format).split('\n')
  return said.includes(error.message) ? outdent(lines.slice(1)) : lines
}

/** Up to five rows as a small table, their column names above, as many of them as fit; empty without rows. */
export function formatSamples(samples: TestFailure['samples'], colors: Colors, width = Infinity): string[] {
  const rows = samples.slice(0, mostSamples)
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  if (names.length === 0) return []
  for (let count = Math.min(mostColumns, names.length); ; count--) {
    const table = indent(samplesTable(rows, names.slice(0, count), count < names.length, colors))
    if (count === 1 || table.every((line) => textWidth(line) < width)) return table
  }
}

function samplesTable(
  rows: TestFailure['samples'],
  columns: readonly string[],
  areCut: boolean,
  colors: Colors,
): string[] {
  const ellipsis = areCut ? ['…'] : []
  const header = [...columns.map((name) => colors.bold(formatCell(name))), ...ellipsis]
  const cells = rows.map((row) => [...columns.map((name) => paint(row[name], colors)), ...ellipsis])
  const align = columns.map((name) => (rows.every((row) => isNumeric(row[name])) ? 'right' : 'left'))
  return formatTable([header, ...cells], align)
}

function paint(value: unknown, colors: Colors): string {
  return value === null || value === undefined ? colors.dim('null') : formatCell(value)
}

function formatCell(value: unknown): string {
  const json = toJsonValue(value)
  const text = typeof json === 'object' ? JSON.stringify(json) : String(json)
  return cutToWidth(printable(text), widestCell)
}

/** Bigints and numerics arrive as strings. */
function isNumeric(value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'bigint')
    return true
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
}
