/**
 * A line of CSV as `copy … (format csv)` reads it: text is always quoted, so that an empty one is no null; null is
 * nothing at all.
 */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvField).join(',')}\n`
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return `"${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`
}
