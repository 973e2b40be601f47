import { appendTo } from '../../../append-to.ts'
import { toError } from '../../../errors.ts'
import { formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { kindOf } from '../relation-kind.ts'
import { attempt } from './attempt.ts'
import { retypedColumns } from './changed.ts'
import type { Versions } from './read-versions.ts'

/** A foreign key as it stands between live tables. */
interface ForeignKey {
  name: string
  /** `constraint of_a on table public.orders`. */
  description: string
  definition: string
  from: Side
  to: Side
}

interface Side {
  id: number
  /** As SQL. */
  table: string
  columns: readonly string[]
}

/** By the object id of the live relation. */
type VersionsById = ReadonlyMap<number, Versions>

/**
 * The foreign keys, from tables and to them, that the swap could not make again on columns that have another type by now.
 * A column that goes is said elsewhere, unless it goes from one view of the run while another that refers to it changes:
 * that shows at the swap only.
 * @returns complaints, by the object id of the live relation
 */
export async function tryKeys(
  session: Session,
  versions: readonly Versions[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const complaints = new Map<number, string[]>()
  if (!versions.some((version) => retypedOf(version).size > 0)) return complaints
  const byId = new Map(versions.flatMap((each) => (each.live === null ? [] : [[each.live.id, each]])))
  for (const key of await readForeignKeys(session, versions)) {
    const sides = [key.from, key.to]
    const own = sides.find((side) => isRetyped(side, byId.get(side.id)))
    if (own === undefined || !sides.every((side) => isKept(side, byId.get(side.id)))) continue
    const complaint = await tryKey(session, key, own, byId)
    if (complaint !== null) appendTo(complaints, own.id, complaint)
  }
  return complaints
}

const retypedOf = ({ live, coming }: Versions): ReadonlySet<string> =>
  live === null || coming === null ? new Set() : retypedColumns({ live, coming })

function isRetyped({ columns }: Side, version: Versions | undefined): boolean {
  if (version === undefined) return false
  const retyped = retypedOf(version)
  return columns.some((name) => retyped.has(name))
}

/** What becomes another kind loses its keys, and those to it are refused. */
function isKept({ columns }: Side, version: Versions | undefined): boolean {
  if (version === undefined) return true
  const present = new Set(version.coming?.columns.map(({ name }) => name))
  return kindOf(version.view.settings.materialized) === 'table' && columns.every((name) => present.has(name))
}

/** As SQL that prints JSON. */
const printSide = (table: string, columns: string): string => `json_build_object(
  'id', ${table}::bigint, 'table', ${table}::regclass,
  'columns', array(select a.attname from unnest(${columns}) with ordinality as c(number, place)
                   join pg_attribute a on a.attrelid = ${table} and a.attnum = c.number order by c.place))`

/** But for those that the new version brings itself. The session's search path must be empty. */
async function readForeignKeys(session: Session, versions: readonly Versions[]): Promise<ForeignKey[]> {
  return session.query<ForeignKey>(
    `select k.conname::text as name, pg_get_constraintdef(k.oid) as definition,
            pg_describe_object('pg_constraint'::regclass, k.oid, 0) as description,
            ${printSide('k.conrelid', 'k.conkey')} as from, ${printSide('k.confrelid', 'k.confkey')} as to
     from pg_constraint k left join unnest($1::oid[], $2::oid[]) as v(live, coming) on v.live = k.conrelid
     where k.contype = 'f' and k.conparentid = 0 and (v.live is not null or k.confrelid = any($1))
       and not exists (select from pg_constraint o where o.conrelid = v.coming and o.conname = k.conname)
     order by k.conname, k.oid`,
    [versions.map(({ live }) => live?.id ?? null), versions.map(({ coming }) => coming?.id ?? null)],
  )
}

/**
 * An empty table stands for one that has no new version, which is not locked against those who write to it. Where this
 * role may not read that, its key is left to the swap.
 * @param own the side whose columns have other types
 * @returns a complaint, or null
 */
async function tryKey(
  session: Session,
  key: ForeignKey,
  own: Side,
  versions: VersionsById,
): Promise<string | null> {
  const { from, to } = key
  const view = versions.get(own.id)?.view
  if (view === undefined) return null
  const standIn = { ...addressOf(view, 'new'), name: 'duro_trial_key' }
  const [referring, referred] = [from, to].map(({ id }) => {
    const version = versions.get(id)
    return formatAddress(version === undefined ? standIn : addressOf(version.view, 'new'))
  })
  const other = [from, to].find(({ id }) => !versions.has(id))
  const columns = to.columns.map(quoteIdentifier).join(', ')
  let isPrepared = false
  const error = await attempt(session, async () => {
    if (other !== undefined)
      await session.query(`create table ${formatAddress(standIn)} (like ${other.table} including indexes)`)
    isPrepared = true
    // The one that the key needs may be among those that only the build makes.
    await session.query(`create unique index on ${referred} (${columns})`)
    const definition = key.definition.replace(` REFERENCES ${to.table}(`, () => ` REFERENCES ${referred}(`)
    await session.query(`alter table ${referring} add constraint ${quoteIdentifier(key.name)} ${definition}`)
  })
  if (!isPrepared || error === null) return null
  return from.id === own.id
    ? `${view.name} could not keep foreign key ${key.name}: ${reasonOf(error)}`
    : `${key.description}, which depends on ${view.name}, would break: ${reasonOf(error)}`
}

/** Only the detail says which types do not suit each other. */
const reasonOf = (error: unknown): string =>
  error instanceof Error && 'detail' in error && typeof error.detail === 'string'
    ? error.detail.replace(/\.$/, '')
    : toError(error).message
