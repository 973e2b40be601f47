import { formatAddress } from '../../sql/identifiers.ts'
import type { ViewToBuild } from '../builder.ts'
import type { DescribeOptions, DescribedStatement } from '../engine.ts'
import type { Move } from '../move.ts'
import { isCounted, totalsQuery } from '../totals.ts'
import { takeOverStatements } from './build/take-over.ts'
import { describeInput } from './build/write-input.ts'
import { readDependents } from './catalog/dependents.ts'
import { readGrants } from './catalog/grants.ts'
import { readWithColumns, type RelationWithColumns } from './catalog/relations.ts'
import type { Session } from './connection/session.ts'
import { readRole } from './obstacle.ts'
import { addressOf } from './places.ts'
import { releaseStatement, type Claim } from './run-lock/lease.ts'
import { copyFromS3 } from './statements/copy-from-s3.ts'
import { createRelation, kindOf } from './statements/create-relation.ts'
import type { Grant } from './statements/grants.ts'
import { swapStatements, type MovedRelation } from './swap/swap-statements.ts'
import type { Loads } from './upload.ts'

type DescribeUpload = Loads['describe']

interface Known {
  live: RelationWithColumns | null
  grants: readonly Grant[]
  role: string
}

/**
 * The statements of a run in their order, as they would be sent now. The columns of a view that is new or changed are
 * only known on the way; there the live version stands in.
 */
export async function describeRun(
  session: Session,
  claim: Claim,
  describeUpload: DescribeUpload | null,
  views: readonly ViewToBuild[],
  options: DescribeOptions,
): Promise<DescribedStatement[]> {
  const addresses = views.map(({ view }) => addressOf(view, 'live'))
  const live = await readWithColumns(session, addresses)
  const grants = await readGrants(session, addresses)
  const { name: role } = await readRole(session)
  const ids = [...live.values()].map(({ id }) => id)
  // What an earlier run has left is dropped before this one begins.
  const goes = new Set([...ids, ...options.leftovers.map((leftover) => leftover.id)])
  const dependents = (await session.withQualifiedNames(() => readDependents(session, ids))).filter(
    ({ id, isNative }) => !goes.has(id) && !isNative,
  )
  const known = ({ view }: ViewToBuild): Known => {
    const address = formatAddress(addressOf(view, 'live'))
    return { live: live.get(address) ?? null, grants: grants.get(address) ?? [], role }
  }
  const moves = views.map((input) => describeMove(input, known(input)))
  const swap = { claim, moves, dependents, bookkeeping: options.bookkeeping }
  return [
    ...views.flatMap((input) => (known(input).live === null ? [] : describeTotals(input, 'record totals'))),
    ...views.flatMap((input) => describeBuild(input, known(input), describeUpload, options)),
    ...swapStatements(swap).map((sql): DescribedStatement => ({ stage: 'swap', view: null, sql })),
    ...views.toReversed().flatMap((input) => describeDrop(input, known(input))),
    { stage: 'drop', view: null, sql: releaseStatement(claim) },
  ]
}

function describeTotals({ view }: ViewToBuild, stage: DescribedStatement['stage']): DescribedStatement[] {
  if (view.settings.materialized === 'none') return []
  const relation = formatAddress(addressOf(view, 'live'))
  const sql = totalsQuery({ relation, aggregates: view.settings.totals })
  return [{ stage, view: view.name, sql }]
}

function describeBuild(
  input: ViewToBuild,
  known: Known,
  describeUpload: DescribeUpload | null,
  { runId, register }: DescribeOptions,
): DescribedStatement[] {
  const { view, sql, feed } = input
  const target = addressOf(view, 'new')
  const relation = formatAddress(target)
  const kind = kindOf(view.settings)
  const present = known.live?.columns.map(({ name }) => name) ?? []
  const load =
    feed === null || describeUpload === null
      ? []
      : [`-- ${feed.description}\n${copyFromS3(target, present, describeUpload(view.name, runId))}`]
  const statements = [
    ...(feed?.input ? describeInput(feed.input) : []),
    'begin',
    feed === null ? createRelation(kind, relation, sql.text, view.settings).text.trimEnd() : sql.text,
    ...load,
    // The id is read from the catalog and written as a number: what the leader node knows cannot be inserted.
    register({ ...target, id: '0', place: 'new', view: view.name, runId }),
    ...takeOverStatements({ input, ...known, present: [...present, ...Object.keys(view.settings.columns)] }),
    'commit',
    ...(isCounted(view.settings) ? [totalsQuery(input.totals, input.violations)] : []),
  ]
  return statements.map((statement) => ({ stage: 'build', view: view.name, sql: statement }))
}

function describeMove({ view }: ViewToBuild, { live }: Known): Move<MovedRelation> {
  const [from, to] = [addressOf(view, 'new'), addressOf(view, 'old')]
  return {
    name: view.name,
    live: addressOf(view, 'live'),
    from,
    to,
    coming: { id: 0, kind: kindOf(view.settings) },
    going: live === null || live.kind === 'materialized view' ? null : { id: live.id, kind: live.kind },
  }
}

function describeDrop({ view }: ViewToBuild, { live }: Known): DescribedStatement[] {
  if (live === null) return []
  return [
    { stage: 'drop', view: view.name, sql: `drop ${live.kind} ${formatAddress(addressOf(view, 'old'))}` },
  ]
}
