import { formatAddress, type Address } from '../../sql/identifiers.ts'
import type { FeedToBuild, ViewToBuild } from '../builder.ts'
import type { DescribeOptions } from '../engine.ts'
import { begin } from './build/begin.ts'
import { copyStatement } from './build/copy-from-csv.ts'
import { insertStatement, isInserted } from './build/insert-into-table.ts'
import { planConstraints } from './build/make-constraints.ts'
import { planTakeOver } from './build/take-over.ts'
import { exportStatement } from './build/write-input.ts'
import { earlyStatements } from './catalog/own-objects.ts'
import type { CapturedRelation } from './catalog/captured-relation.ts'
import type { DefaultGrants } from './catalog/default-grants.ts'
import { addressOf } from './places.ts'
import { kindOf, relationKind } from './relation-kind.ts'
import { createRelation, createTable } from './statements/create-relation.ts'
import { sequenceStatements } from './statements/constraints.ts'
import { capturedIndex, declaredIndexes } from './statements/indexes.ts'
import { indexRoleStatements, statisticsStatements, takeOverStatements } from './statements/take-over.ts'
import { firstStatistics, upkeep, type Extent } from './statements/upkeep.ts'
import { isCounted, totalsQuery } from '../totals.ts'

/** What stands under a view's name now, and stands in for what the new version will be like. */
export interface LiveVersion {
  relation: CapturedRelation | null
  extent: Extent
}

/** The statements that make the new version of one view, in order. */
export function describeBuild(
  input: ViewToBuild,
  { relation: live, extent }: LiveVersion,
  defaults: DefaultGrants,
  options: DescribeOptions,
): string[] {
  const { view, sql, isRead } = input
  const kind = kindOf(view.settings.materialized)
  const target = addressOf(view, 'new')
  const relation = formatAddress(target)
  const alike = live !== null && relationKind(live.kind) === kind ? live : null
  const columns = live?.columns.map((column) => column.name) ?? []
  // A statement that makes a table names its constraints itself.
  const { constraints } = planConstraints(
    { kind, alike: input.feed === null ? alike : null, target },
    columns,
  )
  const onRows =
    kind === 'view'
      ? []
      : [
          ...(live?.statistics ?? [])
            .filter(({ name }) => input.declaredBefore?.table.statistics.includes(name) !== true)
            .flatMap((statistics) => statisticsStatements(target, statistics)),
          ...indexRoleStatements(kind, target, alike, (name) => name),
          ...firstStatistics(relation, extent),
        ]
  const indexes = kind === 'view' ? [] : describeIndexes(input, live, relation)
  return [
    begin(
      { alike },
      options.oneInstant ? "begin isolation level repeatable read; set transaction snapshot '…'" : 'begin',
    ),
    (input.feed === null ? createRelation(kind, relation, sql.text, alike) : createTable(sql.text, alike))
      .text,
    options.register({
      ...target,
      id: `'${relation}'::regclass::oid`,
      place: 'new',
      view: view.name,
      runId: options.runId,
    }),
    ...takeOverStatements(
      planTakeOver({ input, kind, target, live, brought: null, columns, defaults, runId: options.runId }),
    ),
    ...{
      'materialized view': [`refresh materialized view ${relation}`],
      table: describeRows(input, relation, options),
      view: [],
      'foreign table': [],
    }[kind],
    ...constraints.map(({ statement }) => statement),
    ...(kind === 'table' ? describeSequences(target, alike) : []),
    ...earlyStatements(relation, alike),
    'commit',
    // Several at once, each in a transaction of its own.
    ...indexes,
    ...(onRows.length === 0 ? [] : [begin({ alike }), ...onRows, 'commit']),
    ...upkeep(relation, extent, { materialized: view.settings.materialized, isRead }),
    ...(isCounted(view.settings) ? [totalsQuery(input.totals, input.violations)] : []),
  ]
}

function describeSequences({ schema }: Address, alike: CapturedRelation | null): string[] {
  return (alike?.columns ?? []).flatMap(({ identity }) =>
    identity === null
      ? []
      : sequenceStatements({ schema, owner: alike?.owner ?? '' }, identity.sequence, identity, []),
  )
}

/** As far as can be told without the server, which knows whether one that is declared stands already. */
function describeIndexes(
  { view, declaredBefore }: ViewToBuild,
  live: CapturedRelation | null,
  relation: string,
): string[] {
  const columns = live?.columns.map((column) => column.name) ?? []
  const declared = declaredIndexes(relation, view, columns)
  const known = new Set([...declared.map((index) => index.name), ...(declaredBefore?.indexes ?? [])])
  const { schema } = addressOf(view, 'new')
  const byHand = (live?.indexes ?? [])
    .filter((index) => !known.has(index.name))
    .map((index) => capturedIndex(relation, schema, index).create)
  return [...declared.map((index) => index.create), ...byHand]
}

function describeRows(input: ViewToBuild, relation: string, options: DescribeOptions): string[] {
  if (input.feed !== null) return describeFeed(input.feed, relation)
  if (isInserted(options, input)) return [insertStatement(relation, input.sql.text)]
  return [
    `copy (\n${input.sql.text}\n) to stdout (format binary)`,
    `copy ${relation} from stdin (format binary, freeze)`,
  ]
}

/** The select is read, its program runs, and its rows come in. */
function describeFeed({ input, description }: FeedToBuild, relation: string): string[] {
  return [
    ...(input === null ? [] : [exportStatement(input)]),
    `-- ${description}\n-- the first line of its CSV names the columns\n${copyStatement(relation, null)}`,
  ]
}
