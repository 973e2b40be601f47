import type { IndexSettings } from '../project/view-settings.ts'
import { readView } from '../graph/find-reads.ts'
import { filesOf } from '../project/feed.ts'
import type { Project } from '../project/project.ts'
import { statementsOf, type View } from '../project/view.ts'
import type { Definition } from './plan.ts'

/**
 * What makes a view the relation it is. Two definitions that are equal need no rebuild: comments, white space and the
 * case of keywords are gone, and of the settings only those are in it that shape the relation. When a view is built
 * and how it is checked (interval, tags, tests, totals, limits, timeout, depends_on) may change without a rebuild.
 *
 * What gives a view its rows in place of a select belongs to its SQL: the select of a processor, and every character
 * of its script, each under a line with the file's name.
 *
 * The same text may mean something else: where the server looks for names without a schema, and which of them are
 * views, stands with the settings.
 */
export function describeDefinition(view: View, project: Project): Definition {
  const [first, ...selects] = statementsOf(view)
  const parts = [
    first === undefined ? '' : first.statement.normalised,
    ...selects.map((file) => `${heading(file.path)}\n${file.statement.normalised}`),
    ...(view.feed === null ? [] : filesOf(view.feed)).map(
      ({ path, text }) => `${heading(path)}\n${text.replaceAll('\r\n', '\n').trimEnd()}`,
    ),
  ]
  return { sql: parts.join('\n'), settings: describeSettings(view, project) }
}

/** A comment, of which there are no others in normalised SQL. */
const heading = (path: string): string => `-- ${path.slice(path.lastIndexOf('/') + 1)}`

/** The files whose parts of a definition differ, by name; none for the SQL that comes first. */
export function changedFiles(before: string, after: string): { sql: boolean; files: readonly string[] } {
  const [old, wanted] = [partsOf(before), partsOf(after)]
  const changed = [...new Set([...old.keys(), ...wanted.keys()])].filter(
    (name) => old.get(name) !== wanted.get(name),
  )
  return { sql: changed.includes(''), files: changed.filter((name) => name !== '') }
}

function partsOf(sql: string): Map<string, string> {
  const parts = new Map<string, string>()
  let name = ''
  for (const line of sql.split('\n')) {
    const file = /^-- (\S.*\.\w+)$/.exec(line)?.[1]
    if (file === undefined) parts.set(name, `${parts.get(name) ?? ''}${line}\n`)
    else name = file
    // An empty script is a part too.
    if (file !== undefined) parts.set(name, parts.get(name) ?? '')
  }
  return parts
}

/** Lines of `key: value`, sorted; what a user wrote stands in JSON, so that every line is one line. */
function describeSettings(view: View, project: Project): string {
  const { settings } = view
  const lines = [`materialized: ${settings.materialized}`, ...describeNames(view, project)]
  if (settings.description !== null) lines.push(`description: ${JSON.stringify(settings.description)}`)
  if (settings.grantSelect !== null)
    lines.push(`grant_select: ${JSON.stringify(settings.grantSelect.toSorted())}`)
  for (const [column, text] of Object.entries(settings.columns)) {
    lines.push(`columns.${column}: ${JSON.stringify(text)}`)
  }
  if (settings.processor !== null) lines.push(`processor: ${JSON.stringify(settings.processor)}`)
  if (settings.import !== null) lines.push(`import: ${settings.import.kind} ${settings.import.definition}`)
  if (settings.distkey !== null) lines.push(`distkey: ${JSON.stringify(settings.distkey)}`)
  if (settings.diststyle !== null) lines.push(`diststyle: ${settings.diststyle}`)
  if (settings.sortkey !== null) lines.push(`sortkey: ${JSON.stringify(settings.sortkey)}`)
  if (!settings.backup) lines.push('backup: false')
  for (const index of settings.indexes) lines.push(`indexes: ${describeIndex(index)}`)
  return lines.toSorted().join('\n')
}

const searchPathKey = 'default_schema: '
const namesKey = 'unqualified names: '

/** Functions, types and operators are looked up along the path too, which only the server could tell. */
function describeNames(view: View, project: Project): string[] {
  const path = project.settings.defaultSchema
  const views = statementsOf(view)
    .flatMap(({ statement }) => statement.references)
    .filter(({ schema, kind }) => schema === null && kind !== 'column-qualifier' && kind !== 'target')
    .flatMap((reference) => readView(reference, project) ?? [])
  const lines = [`${searchPathKey}${JSON.stringify(path)}`]
  if (views.length > 0) lines.push(`${namesKey}${JSON.stringify([...new Set(views)].toSorted())}`)
  return lines
}

/** What is wanted, in the form of what was published: earlier versions wrote down nothing about names. */
export function asPublished(wanted: Definition, published: Definition): Definition {
  const hasNames = published.settings.split('\n').some((line) => line.startsWith(searchPathKey))
  if (hasNames) return wanted
  const lines = wanted.settings
    .split('\n')
    .filter((line) => !line.startsWith(searchPathKey) && !line.startsWith(namesKey))
  return { ...wanted, settings: lines.join('\n') }
}

function describeIndex({ unique, columns, method, include, where, name }: IndexSettings): string {
  return [
    unique ? 'unique ' : '',
    method === null || method === 'btree' ? '' : `using ${method} `,
    `(${columns.join(', ')})`,
    include.length === 0 ? '' : ` include (${include.join(', ')})`,
    where === null ? '' : ` where ${where.trim().replaceAll(/\r?\n/g, String.raw`\n`)}`,
    name === null ? '' : ` name ${name}`,
  ].join('')
}

/** Whether the relation that was published so is bound to what it reads: anything but a table is. */
export function wasBound(definition: Definition | null): boolean {
  return definition !== null && !definition.settings.split('\n').includes('materialized: table')
}
