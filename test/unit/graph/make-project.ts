import type { Project } from '../../../src/project/project.ts'
import type { Materialized, ViewSettings } from '../../../src/project/view-settings.ts'
import type { View } from '../../../src/project/view.ts'
import type { Reference } from '../../../src/sql/parser.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export interface ViewSketch extends Partial<ViewSettings> {
  /** Relations in the view's from clause, as written. */
  reads?: readonly string[]
  /** Which of them, as written, lead into a value. */
  ways?: readonly string[]
  /** Stands before the select, for places in the file. */
  prelude?: string
  path?: string
}

/** A project as the loader would give it, from a few words per view. */
export function makeProject(
  sketches: Readonly<Record<string, ViewSketch>>,
  settings: Partial<Project['settings']> = {},
): Project {
  const views = Object.entries(sketches).map(([name, sketch]) => makeView(name, sketch))
  return {
    root: '/project',
    folder: 'views',
    settings: {
      database: null,
      engine: null,
      defaultSchema: ['public'],
      stateSchema: 'duro',
      defaultInterval: DAY,
      concurrency: 2,
      fillTables: 'copy',
      oneInstant: true,
      timeout: null,
      keepPrevious: false,
      historyStoredFor: 30 * DAY,
      s3: null,
      iam: null,
      swap: { giveUpAfter: MINUTE },
      ...settings,
    },
    views: new Map(views.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((view) => [view.name, view])),
  }
}

function makeView(
  name: string,
  { reads = [], ways = [], prelude = '', path, ...settings }: ViewSketch,
): View {
  const [schema = '', relation = ''] = name.split('.')
  const start = `${prelude}select 1`
  let text = start
  const named: Reference[] = []
  for (const read of reads) {
    text += named.length === 0 ? ' from ' : ', '
    const parts = read.split('.')
    const span = { start: text.length, end: text.length + read.length }
    named.push({
      schema: parts.length === 2 ? (parts[0] ?? null) : null,
      name: parts.at(-1) ?? '',
      kind: 'relation',
      span,
    })
    text += read
  }
  const isWay = ({ span }: Reference): boolean => ways.includes(text.slice(span.start, span.end))
  const statement = {
    span: { start: prelude.length, end: text.length },
    kind: 'select',
    references: named.filter((each) => !isWay(each)),
    ways: named.filter(isWay),
    parameters: [],
    normalised: text.slice(prelude.length),
  } as const
  return {
    name,
    schema,
    relation,
    file: { path: path ?? `views/${schema}/${relation}.sql`, text, statement },
    feed: null,
    tests: null,
    settingsFiles: ['views/global.yaml', `views/${schema}.conf`, `views/${schema}/${relation}.yaml`],
    settings: { ...defaults, ...settings },
    totals: null,
    places: { totals: new Map(), tests: new Map(), grantSelect: new Map(), columns: new Map() },
    indexNames: { own: [], taken: new Set() },
  }
}

const defaults: ViewSettings = {
  interval: null,
  materialized: 'view' satisfies Materialized,
  grantSelect: null,
  indexes: [],
  totals: {},
  limits: {},
  tests: [],
  tags: [],
  dependsOn: [],
  description: null,
  columns: {},
  timeout: null,
  snapshotsInterval: null,
  snapshotsStoredFor: null,
  distkey: null,
  diststyle: null,
  sortkey: null,
  backup: true,
  processor: null,
  import: null,
  env: [],
}
