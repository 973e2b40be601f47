import { toError } from '../../../errors.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'
import { about } from '../catalog/own-objects.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { kindOf } from '../relation-kind.ts'
import { constraintStatements, identityStatement } from '../statements/constraints.ts'
import { columnClauses, columnStatement } from '../statements/take-over.ts'
import { attempt } from './attempt.ts'
import { retypedColumns, type Changed } from './changed.ts'

/** Something of the live version that the build, or the swap, will give to the new one. */
interface Part {
  what: string
  statement: string
}

/** What stands on columns that have another type by now, and cannot stand on that, in words. */
export async function tryRetyped(session: Session, changed: Changed): Promise<string[]> {
  const { view, alike, coming } = changed
  const retyped = retypedColumns(changed)
  if (alike === null || retyped.size === 0) return []
  const present = new Set(coming.columns.map(({ name }) => name))
  const isConcerned = ({ columns }: { columns: readonly string[] }): boolean =>
    columns.some((name) => retyped.has(name)) && columns.every((name) => present.has(name))
  const parts = [
    // A user's own `create table` says itself what is to stand on it.
    ...(view.feed === null
      ? [
          ...partsOfColumns(changed, alike, retyped),
          ...(await partsOfConstraints(session, changed, alike.constraints.filter(isConcerned))),
          ...partsOfIdentities(changed, alike, retyped),
        ]
      : []),
    ...partsOfObjects(changed, alike.objects.filter(isConcerned)),
  ]
  const complaints: string[] = []
  for (const { what, statement } of parts) {
    const error = await attempt(session, () => session.query(statement))
    if (error !== null) complaints.push(`${view.name} could not keep ${what}: ${toError(error).message}`)
  }
  return complaints
}

function partsOfColumns(
  { view }: Changed,
  { columns }: CapturedRelation,
  retyped: ReadonlySet<string>,
): Part[] {
  const kind = kindOf(view.settings.materialized)
  const relation = formatAddress(addressOf(view, 'new'))
  return columns
    .filter(({ name }) => retyped.has(name))
    .flatMap((column) =>
      columnClauses(kind, column).map((clause) => ({
        what: `\`${clause}\` of its column ${column.name}`,
        statement: columnStatement(kind, relation, column.name, clause),
      })),
    )
}

async function partsOfConstraints(
  session: Session,
  { view, coming }: Changed,
  constraints: CapturedRelation['constraints'],
): Promise<Part[]> {
  const made = await readConstraints(session, coming.id)
  return constraints
    .filter(({ name }) => !made.has(name))
    .map((constraint) => ({
      what: `constraint ${constraint.name}`,
      statement: constraintStatements(addressOf(view, 'new'), constraint).join(';\n'),
    }))
}

/** Names of those that the trial has made. */
async function readConstraints(session: Session, id: number): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(
    'select conname::text as name from pg_constraint where conrelid = $1',
    [id],
  )
  return new Set(rows.map(({ name }) => name))
}

function partsOfIdentities(
  { view }: Changed,
  { columns }: CapturedRelation,
  retyped: ReadonlySet<string>,
): Part[] {
  return columns.flatMap(({ name, identity }) =>
    identity === null || !retyped.has(name)
      ? []
      : [
          {
            what: `the identity of its column ${name}`,
            statement: identityStatement(addressOf(view, 'new'), name, identity),
          },
        ],
  )
}

function partsOfObjects({ view }: Changed, objects: CapturedRelation['objects']): Part[] {
  const relation = formatAddress(addressOf(view, 'new'))
  return objects.flatMap(({ key, early, tried }) =>
    [...early, ...tried].map((statement) => ({ what: key, statement: about(relation, statement) })),
  )
}
