import type { Leftover } from '../../engine.ts'
import type { Session } from '../connection/session.ts'
import { parseMarker } from '../statements/marker.ts'

/** What the catalog says of a registered relation. */
export interface FoundLeftover {
  id: number
  schema: string
  name: string
  kind: string
  /** It stands where it was put, and carries duro's mark. */
  isOurs: boolean
}

/** Those that are there, by their registered ids. */
export async function findLeftovers(
  session: Session,
  leftovers: readonly Leftover[],
): Promise<ReadonlyMap<number, FoundLeftover>> {
  if (leftovers.length === 0) return new Map()
  const rows = await session.query<Omit<FoundLeftover, 'isOurs'> & { comment: string | null }>(
    `select c.oid::bigint::float8 as id, n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind,
            obj_description(c.oid, 'pg_class') as comment
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.oid = any($1::oid[])`,
    [leftovers.map((leftover) => leftover.id)],
  )
  const addresses = new Map(leftovers.map(({ id, address }) => [id, address]))
  return new Map(
    rows.map(({ comment, ...found }) => {
      const put = addresses.get(found.id)
      const isInPlace = put?.schema === found.schema && put.name === found.name
      return [found.id, { ...found, isOurs: isInPlace && parseMarker(comment) !== null }]
    }),
  )
}

/** Object ids of those that are duro's for sure. */
export async function findOwnVersions(session: Session, leftovers: readonly Leftover[]): Promise<number[]> {
  const found = await findLeftovers(session, leftovers)
  return [...found.values()].filter(({ isOurs }) => isOurs).map(({ id }) => id)
}
