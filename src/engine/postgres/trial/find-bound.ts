import { SqlError, type DuroError } from '../../../errors.ts'
import type { NamedView, View, ViewName } from '../../../project/view.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { ViewToBuild } from '../../builder.ts'
import type { TrialOptions, ViewToTry } from '../../engine.ts'
import { parametersFor } from '../catalog/relations-at.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { attempt } from './attempt.ts'
import { locateName } from './locate-name.ts'

/** A new relation that hangs on what the run replaces. */
interface Bond {
  view: ViewName
  live: ViewName
  /** Whether it is the type of its rows, or of arrays of them. */
  isType: boolean
}

/**
 * The new relations that are bound to the live version of a view that duro does not see them read: when that is
 * replaced they would go with it, or stay on what is old. A string that a function takes for a relation, as in
 * `pg_relation_size('first.cities')`, is one only for the server. What is seen stands for the new version, in this run.
 * @param views with relations in the places of the new versions, in the transaction that has made them
 */
export async function findBound(
  session: Session,
  views: readonly ViewToTry[],
  { planned, known }: Pick<TrialOptions, 'planned' | 'known'>,
): Promise<ReadonlyMap<ViewName, readonly DuroError[]>> {
  const probes = views.flatMap(probesOf)
  let bonds: readonly Bond[] | null = null
  await attempt(session, async () => {
    await session.query(probes.map(({ create }) => create).join(';\n'))
    bonds = await readBonds(session, [...views.map(relationOf), ...probes], known)
  })
  // What a view could not hold says nothing of the table.
  bonds ??= await readBonds(session, views.map(relationOf), known)
  const complaints = new Map<ViewName, DuroError[]>()
  const replaced = new Set(planned.map(({ name }) => name))
  for (const { view, names } of views) {
    const own = bonds.filter(
      (bond) => bond.view === view.name && (replaced.has(bond.live) || !names.has(bond.live)),
    )
    if (own.length > 0)
      complaints.set(
        view.name,
        own.map((bond) => complaint(view, bond)),
      )
  }
  return complaints
}

interface MadeRelation {
  view: ViewName
  address: Address
}

const relationOf = ({ view }: ViewToBuild): MadeRelation => ({
  view: view.name,
  address: addressOf(view, 'new'),
})

/** What fills a table is bound to nothing, and names the wrong version all the same: a view of it shows that. */
function probesOf({ view, sql, feed }: ViewToBuild, index: number): (MadeRelation & { create: string })[] {
  const select = feed === null ? sql : (feed.input?.sql ?? null)
  if (select === null || view.settings.materialized !== 'table') return []
  const address = { schema: addressOf(view, 'new').schema, name: `duro_trial_${index}` }
  return [{ view: view.name, address, create: `create view ${formatAddress(address)} as\n${select.text}` }]
}

function readBonds(
  session: Session,
  made: readonly MadeRelation[],
  known: readonly NamedView[],
): Promise<Bond[]> {
  const live = known.map((view) => addressOf(view, 'live'))
  return session.query<Bond & { [column: string]: unknown }>(
    `with made as (
       select c.oid, wanted.view
       from unnest($1::text[], $2::text[], $3::text[]) as wanted(schema_name, relation_name, view)
       join pg_namespace n on n.nspname = wanted.schema_name
       join pg_class c on c.relnamespace = n.oid and c.relname = wanted.relation_name
     ), live as (
       select c.oid, c.reltype, wanted.view
       from unnest($4::text[], $5::text[], $6::text[]) as wanted(schema_name, relation_name, view)
       join pg_namespace n on n.nspname = wanted.schema_name
       join pg_class c on c.relnamespace = n.oid and c.relname = wanted.relation_name
     ), target as (
       select 'pg_class'::regclass as classid, oid as objid, view from live
       union all select 'pg_type'::regclass, t.oid, view from live join pg_type t on reltype in (t.oid, t.typelem) and reltype <> 0
     ), part as (
       select 'pg_class'::regclass as classid, oid as objid, view from made
       union all select 'pg_rewrite'::regclass, r.oid, view from made join pg_rewrite r on r.ev_class = made.oid
     )
     select part.view, target.view as live, bool_and(target.classid = 'pg_type'::regclass) as "isType"
     from part
     join pg_depend d on d.classid = part.classid and d.objid = part.objid and d.deptype = 'n'
     join target on target.classid = d.refclassid and target.objid = d.refobjid
     group by 1, 2 order by 1, 2`,
    [
      ...parametersFor(made.map(({ address }) => address)),
      made.map(({ view }) => view),
      ...parametersFor(live),
      known.map(({ name }) => name),
    ],
  )
}

function complaint(view: View, { live, isType }: Bond): DuroError {
  const file = view.feed?.kind === 'processor' ? view.feed.select : view.file
  const location = locateName(file, live)
  return new SqlError(
    'build',
    `${view.name} could not be built: it names ${live} in a way that duro does not see, and would stay on its old version`,
    {
      location,
      detail: location === undefined ? `in ${file.path}` : undefined,
      hint: isType
        ? `The server finds a type there that duro does not see: write ${live}, or ${live}[] for the type of arrays.`
        : `The server takes a text there for the name of ${live}, which duro does not see: write '${live}'::regclass.`,
    },
  )
}
