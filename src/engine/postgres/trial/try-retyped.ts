import { toError } from '../../../errors.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import { about } from '../catalog/own-objects.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { kindOf } from '../relation-kind.ts'
import { constraintStatements, identityStatement } from '../statements/constraints.ts'
import { columnClauses, columnStatement } from '../statements/take-over.ts'
import { attempt } from './attempt.ts'
import type { Changed } from './changed.ts'

/** Something of the live version that the build will give to the new one. */
interface Part {
  what: string
  statement: string
}

/** What stands on columns that have another type by now, and cannot stand on that, in words. */
export async function tryRetyped(
  session: Session,
  { view, live, alike, coming }: Changed,
): Promise<string[]> {
  // A user's own `create table` says itself what is to stand on it.
  if (alike === null || view.feed !== null) return []
  const types = new Map(coming.columns.map(({ name, type }) => [name, type]))
  const retyped = new Set(
    live.columns.flatMap(({ name, type }) => ((types.get(name) ?? type) === type ? [] : [name])),
  )
  if (retyped.size === 0) return []
  const target = addressOf(view, 'new')
  const kind = kindOf(view.settings.materialized)
  const columns = alike.columns.filter(({ name }) => retyped.has(name))
  const made = await readConstraints(session, coming.id)
  const parts = [
    ...columns.flatMap((column) =>
      columnClauses(kind, column).map((clause): Part => ({
        what: `\`${clause}\` of its column ${column.name}`,
        statement: columnStatement(kind, formatAddress(target), column.name, clause),
      })),
    ),
    ...alike.constraints
      .filter(({ name }) => !made.has(name))
      .filter((constraint) => constraint.columns.some((name) => retyped.has(name)))
      .filter((constraint) => constraint.columns.every((name) => types.has(name)))
      .map((constraint): Part => ({
        what: `constraint ${constraint.name}`,
        statement: constraintStatements(target, constraint).join(';\n'),
      })),
    ...columns.flatMap(({ name, identity }): Part[] =>
      identity === null
        ? []
        : [
            {
              what: `the identity of its column ${name}`,
              statement: identityStatement(target, name, identity),
            },
          ],
    ),
    ...alike.objects
      .filter((object) => object.columns.some((name) => retyped.has(name)))
      .filter((object) => object.columns.every((name) => types.has(name)))
      .flatMap(({ key, early }) =>
        early.map((statement): Part => ({ what: key, statement: about(formatAddress(target), statement) })),
      ),
  ]
  const complaints: string[] = []
  for (const { what, statement } of parts) {
    const error = await attempt(session, () => session.query(statement))
    if (error !== null) complaints.push(`${view.name} could not keep ${what}: ${toError(error).message}`)
  }
  return complaints
}

/** Names of those that the trial has made. */
async function readConstraints(session: Session, id: number): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(
    'select conname::text as name from pg_constraint where conrelid = $1',
    [id],
  )
  return new Set(rows.map(({ name }) => name))
}
