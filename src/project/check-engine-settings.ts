import type { EngineName } from '../sql/engine-name.ts'
import type { ProblemList } from './problem-list.ts'
import type { ResolvedSettings } from './resolve-settings.ts'
import { isNull, ListNode, ScalarNode, type SettingsNode } from './settings/settings-node.ts'
import type { ViewName } from './view.ts'

/** Reports settings of views that mean nothing on the engine of the project, and those that exclude each other. */
export function checkEngineSettings(
  views: ReadonlyMap<ViewName, ResolvedSettings>,
  engine: EngineName,
  problems: ProblemList,
): void {
  for (const [name, view] of views) {
    if (!view.complete) continue
    if (engine === 'postgres') refuseRedshiftKeys(view, problems)
    else {
      refusePostgresKeys(view, problems)
      checkDistribution(name, view, problems)
    }
  }
}

const REDSHIFT_KEYS = ['distkey', 'diststyle', 'sortkey', 'backup']

function refuseRedshiftKeys({ tree }: ResolvedSettings, problems: ProblemList): void {
  for (const key of REDSHIFT_KEYS) {
    const entry = tree.entry(key)
    if (entry === undefined || isNull(entry.node)) continue
    problems.add(entry.keyPlace, `${key} is for Amazon Redshift, and this is PostgreSQL`, REDSHIFT_HINT)
  }
}

/** A `create table` of the user's own says its keys itself. */
export function refuseKeysOfTable(name: ViewName, { tree }: ResolvedSettings, problems: ProblemList): void {
  for (const key of REDSHIFT_KEYS) {
    const entry = tree.entry(key)
    if (entry === undefined || isNull(entry.node)) continue
    const message = `${key} of ${name} belongs into its own \`create table\``
    problems.add(entry.keyPlace, message, `"${key}: null" takes away what is inherited.`)
  }
}

const REDSHIFT_HINT = 'Take it away, or write "engine: redshift" into duro.yaml.'

function refusePostgresKeys({ tree }: ResolvedSettings, problems: ProblemList): void {
  const indexes = tree.entry('indexes')
  if (indexes !== undefined && !isEmpty(indexes.node)) {
    const hint = 'Set sortkey and distkey instead; "indexes: null" takes away what is inherited.'
    problems.add(indexes.keyPlace, 'Amazon Redshift has no indexes', hint)
  }
  const materialized = tree.entry('materialized')
  if (textOf(materialized?.node) === 'view') {
    const message =
      'a materialized view of Amazon Redshift cannot be exchanged, so views are stored as tables'
    problems.add(
      materialized?.keyPlace ?? tree.place,
      message,
      'Write "materialized: table", or nothing at all.',
    )
  }
}

function checkDistribution(
  name: ViewName,
  { tree, settings }: ResolvedSettings,
  problems: ProblemList,
): void {
  if (settings === null) return
  const { distkey, diststyle, sortkey, materialized } = settings
  const styleAt = tree.entry('diststyle')?.keyPlace ?? tree.place
  if (diststyle === 'key' && distkey === null) {
    problems.add(styleAt, `${name} has diststyle key, and no distkey`, 'Name a column: "distkey: customer".')
  }
  if (distkey !== null && diststyle !== null && diststyle !== 'key') {
    const message = `${name} has a distkey, and diststyle ${diststyle}`
    problems.add(styleAt, message, 'Keep one of them; null takes away what is inherited.')
  }
  const set = REDSHIFT_KEYS.flatMap((key) => {
    const entry = tree.entry(key)
    return entry === undefined || isNull(entry.node) ? [] : [entry]
  })
  const isStored = distkey !== null || diststyle !== null || sortkey !== null
  if (materialized === 'none' && isStored) {
    const message = `${name} is a plain view (materialized: none), which stores no rows`
    problems.add(
      set[0]?.keyPlace ?? tree.place,
      message,
      `Set ${REDSHIFT_KEYS.slice(0, 3).join(', ')} to null for it.`,
    )
  }
}

const isEmpty = (node: SettingsNode): boolean =>
  isNull(node) || (node instanceof ListNode && node.items.length === 0)

const textOf = (node: SettingsNode | undefined): string | null =>
  node instanceof ScalarNode ? node.text : null
