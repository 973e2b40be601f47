import { shadowSchema, type ShadowVersion } from '../../../sql/shadow-schema.ts'
import { DuroError } from '../../../errors.ts'
import type { SwapMember } from '../../engine.ts'
import type { Session } from '../connection/session.ts'

/** Old versions that readers hold for long pile up; there is room for so many. */
export const oldVersions: readonly ShadowVersion[] = [
  'old',
  ...[2, 3, 4, 5, 6, 7, 8, 9].map((n): ShadowVersion => `old${n}`),
]

/**
 * Where the versions that go are kept, by the schema of their views: the first place in which none of them stands
 * already. One may, when somebody still reads it or has built on it, and that must not hold up the next swap.
 */
export async function findRoom(
  session: Session,
  members: readonly SwapMember[],
  keptAs: 'new' | 'old',
): Promise<ReadonlyMap<string, string>> {
  const versions = keptAs === 'old' ? oldVersions : (['new'] as const)
  const schemas = [...new Set(members.map(({ view }) => view.schema))]
  const taken = await findTaken(
    session,
    members,
    schemas.flatMap((schema) => versions.map((version) => shadowSchema(schema, version))),
  )
  return new Map(
    schemas.map((schema) => {
      const names = members.filter(({ view }) => view.schema === schema).map(({ view }) => view.relation)
      const free = versions
        .map((version) => shadowSchema(schema, version))
        .find((shadow) => names.every((name) => !taken.has(JSON.stringify([shadow, name]))))
      if (free === undefined) {
        throw new DuroError('swap', `there is no place left for the old versions of ${schema}`, {
          hint: 'Old versions are in use and cannot be dropped; `duro cleanup` names them.',
        })
      }
      return [schema, free]
    }),
  )
}

async function findTaken(
  session: Session,
  members: readonly SwapMember[],
  shadows: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ schema: string; name: string }>(
    `select n.nspname::text as schema, c.relname::text as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any($1) and c.relname = any($2)`,
    [shadows, members.map(({ view }) => view.relation)],
  )
  return new Set(rows.map((row) => JSON.stringify([row.schema, row.name])))
}
