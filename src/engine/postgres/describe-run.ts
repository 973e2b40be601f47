import { formatAddress } from '../../sql/identifiers.ts'
import type { ViewToBuild } from '../builder.ts'
import type { DescribeOptions, DescribedStatement } from '../engine.ts'
import type { Move } from '../move.ts'
import { isCounted, totalsQuery } from '../totals.ts'
import { captureRelations } from './catalog/capture-relations.ts'
import type { CapturedRelation } from './catalog/captured-relation.ts'
import { readDefaultGrants, type DefaultGrants } from './catalog/default-grants.ts'
import { findOwnVersions } from './catalog/find-leftovers.ts'
import { readDependents } from './catalog/dependents.ts'
import type { Session } from './connection/session.ts'
import { withQualifiedNames } from './connection/transaction.ts'
import { addressOf } from './places.ts'
import { kindOf, relationKind } from './relation-kind.ts'
import { describeBuild } from './describe-build.ts'
import { extentOf } from './statements/upkeep.ts'
import { swapScript, type MovedRelation } from './swap/swap-statements.ts'

/**
 * The statements of a run in their order, as they would be sent now. Three things are only known on the way: the
 * columns of a view that is new or changed, how the server prints an index, and how large a new version is; there the
 * live version stands in.
 */
export async function describeRun(
  session: Session,
  views: readonly ViewToBuild[],
  options: DescribeOptions,
): Promise<DescribedStatement[]> {
  const defaults = await readDefaultGrants(session)
  return withQualifiedNames(session, async () => {
    const addresses = views.map(({ view }) => addressOf(view, 'live'))
    const captured = await captureRelations(session, addresses)
    const live = new Map(captured.map((relation) => [formatAddress(relation), relation]))
    const sizes = await readSizes(
      session,
      captured.map((relation) => relation.id),
    )
    const dependents = await readDependents(
      session,
      captured.map((relation) => relation.id),
      await findOwnVersions(session, options.leftovers),
    )
    const liveOf = (input: ViewToBuild): CapturedRelation | null =>
      live.get(formatAddress(addressOf(input.view, 'live'))) ?? null
    const swap = {
      runId: options.runId,
      keptAs: 'old' as const,
      moves: views.map((input) => describeMove(input, liveOf(input), defaults)),
      dependents,
      recompile: [],
      guards: [],
      bookkeeping: options.bookkeeping,
      lockBudget: 900,
    }
    return [
      ...views.flatMap((input) => describeTotals(input, liveOf(input))),
      ...views.flatMap((input) => {
        const relation = liveOf(input)
        const extent = extentOf(relation === null ? 0 : (sizes.get(relation.id) ?? 0))
        return describeBuild(input, { relation, extent }, defaults, options).map(
          (sql): DescribedStatement => ({ stage: 'build', view: input.view.name, sql }),
        )
      }),
      { stage: 'swap', view: null, sql: swapScript(swap) },
      ...views.toReversed().flatMap((input) => describeDrop(input, liveOf(input))),
    ]
  })
}

/** In bytes, by object id. */
async function readSizes(session: Session, ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const rows = await session.query<{ id: number; size: number }>(
    'select id::float8, pg_relation_size(id::oid)::float8 as size from unnest($1::bigint[]) as id',
    [ids],
  )
  return new Map(rows.map(({ id, size }) => [id, size]))
}

function describeTotals({ view }: ViewToBuild, live: CapturedRelation | null): DescribedStatement[] {
  if (live === null || !isCounted(view.settings)) return []
  const relation = formatAddress(addressOf(view, 'live'))
  const sql = totalsQuery({ relation, aggregates: view.settings.totals })
  return [{ stage: 'record totals', view: view.name, sql }]
}

function describeMove(
  { view }: ViewToBuild,
  live: CapturedRelation | null,
  defaults: DefaultGrants,
): Move<MovedRelation> {
  const kind = kindOf(view.settings.materialized)
  const liveKind = live === null ? null : relationKind(live.kind)
  const owner = live?.owner ?? defaults.role
  return {
    name: view.name,
    live: addressOf(view, 'live'),
    from: addressOf(view, 'new'),
    to: addressOf(view, 'old'),
    coming: {
      id: 0,
      kind,
      owner,
      comment: view.settings.description ?? live?.comment ?? null,
      statistics: kind === 'view' ? [] : (live?.statistics ?? []),
      objects: liveKind === kind ? (live?.objects ?? []).filter(({ early }) => early.length > 0) : [],
      sequences: [],
      loosened: [],
    },
    going:
      live === null || liveKind === null ? null : { ...live, kind: liveKind, sequences: [], loosened: [] },
  }
}

function describeDrop({ view }: ViewToBuild, live: CapturedRelation | null): DescribedStatement[] {
  const kind = live === null ? null : relationKind(live.kind)
  if (kind === null) return []
  return [{ stage: 'drop', view: view.name, sql: `drop ${kind} ${formatAddress(addressOf(view, 'old'))}` }]
}
