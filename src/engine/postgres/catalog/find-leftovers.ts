import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { Leftover } from '../../engine.ts'
import type { Session } from '../connection/session.ts'
import { parseMarker } from '../statements/marker.ts'
import { parametersFor, relationsAt } from './relations-at.ts'

/** What the catalog says of a registered relation. */
export interface FoundLeftover {
  id: number
  schema: string
  name: string
  kind: string
  /** It stands where it was put, and carries duro's mark. */
  isOurs: boolean
}

/**
 * Those that are there, by their registered ids. In a database that was restored from a dump the ids are other ones:
 * there a relation counts that stands where one was put, with duro's mark, and is none of the others.
 */
export async function findLeftovers(
  session: Session,
  leftovers: readonly Leftover[],
): Promise<ReadonlyMap<number, FoundLeftover>> {
  if (leftovers.length === 0) return new Map()
  const byId = new Map((await readByIds(session, leftovers)).map((row) => [row.id, row]))
  const isInPlace = ({ id, address }: Leftover): boolean => isAt(byId.get(id), address)
  const taken = new Set(leftovers.filter(isInPlace).map(({ id }) => id))
  const missing = leftovers.filter((leftover) => !isInPlace(leftover))
  const standing = new Map((await readAt(session, missing)).map((row) => [formatAddress(row), row]))
  const found = new Map<number, FoundLeftover>()
  for (const leftover of leftovers.toSorted((one, other) => other.id - one.id)) {
    const known = byId.get(leftover.id)
    const other = standing.get(formatAddress(leftover.address))
    if (known !== undefined && isInPlace(leftover)) {
      found.set(leftover.id, { ...known, isOurs: isMarked(known) })
    } else if (other !== undefined && isMarked(other) && !taken.has(other.id)) {
      taken.add(other.id)
      found.set(leftover.id, { ...other, isOurs: true })
    } else if (known !== undefined) found.set(leftover.id, { ...known, isOurs: false })
  }
  return found
}

/** Object ids of those that are duro's for sure. */
export async function findOwnVersions(session: Session, leftovers: readonly Leftover[]): Promise<number[]> {
  const found = await findLeftovers(session, leftovers)
  return [...found.values()].filter(({ isOurs }) => isOurs).map(({ id }) => id)
}

interface CatalogRow extends Omit<FoundLeftover, 'isOurs'> {
  comment: string | null
}

const isAt = (row: CatalogRow | undefined, { schema, name }: Address): boolean =>
  row?.schema === schema && row.name === name

const isMarked = ({ comment }: CatalogRow): boolean => parseMarker(comment) !== null

const columns = `c.oid::bigint::float8 as id, n.nspname::text as schema, c.relname::text as name,
  c.relkind::text as kind, obj_description(c.oid, 'pg_class') as comment`

const readByIds = (session: Session, leftovers: readonly Leftover[]): Promise<CatalogRow[]> =>
  session.query<CatalogRow>(
    `select ${columns} from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = any($1::oid[])`,
    [leftovers.map(({ id }) => id)],
  )

const readAt = async (session: Session, leftovers: readonly Leftover[]): Promise<CatalogRow[]> =>
  leftovers.length === 0
    ? []
    : session.query<CatalogRow>(
        `select ${columns} from ${relationsAt}`,
        parametersFor(leftovers.map(({ address }) => address)),
      )
