import { SqlError } from '../../../errors.ts'
import type { View, ViewName } from '../../../project/view.ts'
import { checkDescribed } from '../../check-described.ts'
import { whereIs } from '../../explain-failure.ts'
import type { Session } from '../connection/session.ts'
import type { Versions } from './read-versions.ts'

/** What the settings of views say of columns and roles that there are not. */
export async function checkSettings(
  session: Session,
  views: readonly Pick<Versions, 'view' | 'published'>[],
): Promise<ReadonlyMap<ViewName, readonly SqlError[]>> {
  const missing = await readMissing(
    session,
    views.flatMap(({ view }) => readersOf(view)),
  )
  return new Map(
    views.map(({ view, published }) => {
      const described =
        published === null
          ? null
          : checkDescribed(
              view,
              published.map(({ name }) => name),
            )
      return [view.name, [described, checkReaders(view, missing)].filter((error) => error !== null)]
    }),
  )
}

const readersOf = ({ settings }: View): readonly string[] =>
  (settings.grantSelect ?? []).filter((name) => name !== 'public')

async function readMissing(session: Session, roles: readonly string[]): Promise<ReadonlySet<string>> {
  if (roles.length === 0) return new Set()
  const rows = await session.query<{ name: string }>(
    'select name from unnest($1::text[]) as name where not exists (select from pg_roles where rolname = name)',
    [[...new Set(roles)]],
  )
  return new Set(rows.map(({ name }) => name))
}

function checkReaders(view: View, missing: ReadonlySet<string>): SqlError | null {
  const lost = readersOf(view).filter((reader) => missing.has(reader))
  if (lost.length === 0) return null
  const roles = lost.map((reader) => `role "${reader}"`).join(', ')
  const places = lost.flatMap((reader) => view.places.grantSelect.get(reader) ?? [])
  return new SqlError('build', `${view.name} could not be built: ${roles} does not exist`, {
    detail: places.map(whereIs).join('\n'),
  })
}
