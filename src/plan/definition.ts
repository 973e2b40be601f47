import type { IndexSettings } from '../project/view-settings.ts'
import type { View } from '../project/view.ts'
import type { Definition } from './plan.ts'

/**
 * What makes a view the relation it is. Two definitions that are equal need no rebuild: comments, white space and the
 * case of keywords are gone, and of the settings only those are in it that shape the relation. When a view is built
 * and how it is checked (interval, tags, tests, totals, limits, timeout, depends_on) may change without a rebuild.
 */
export function describeDefinition(view: View): Definition {
  return { sql: view.select.statement.normalised, settings: describeSettings(view) }
}

/** Lines of `key: value`, sorted; what a user wrote stands in JSON, so that every line is one line. */
function describeSettings({ settings }: View): string {
  const lines = [`materialized: ${settings.materialized}`]
  if (settings.description !== null) lines.push(`description: ${JSON.stringify(settings.description)}`)
  if (settings.grantSelect !== null)
    lines.push(`grant_select: ${JSON.stringify(settings.grantSelect.toSorted())}`)
  for (const [column, text] of Object.entries(settings.columns)) {
    lines.push(`columns.${column}: ${JSON.stringify(text)}`)
  }
  for (const index of settings.indexes) lines.push(`indexes: ${describeIndex(index)}`)
  return lines.toSorted().join('\n')
}

function describeIndex({ unique, columns, method, include, where, name }: IndexSettings): string {
  return [
    unique ? 'unique ' : '',
    method === null || method === 'btree' ? '' : `using ${method} `,
    `(${columns.join(', ')})`,
    include.length === 0 ? '' : ` include (${include.join(', ')})`,
    where === null ? '' : ` where ${where.replaceAll(/\s+/g, ' ').trim()}`,
    name === null ? '' : ` name ${name}`,
  ].join('')
}

/** Whether the relation that was published so is bound to what it reads: anything but a table is. */
export function wasBound(definition: Definition | null): boolean {
  return definition !== null && !definition.settings.split('\n').includes('materialized: table')
}
