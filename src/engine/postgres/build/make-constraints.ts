import { explainFailure } from '../sql-error.ts'
import {
  constraintStatements,
  identityStatement,
  notNullStatement,
  sequenceStatements,
} from '../statements/constraints.ts'
import { readNotNull } from './read-not-null.ts'
import type { Work } from './work.ts'

interface Constraint {
  /** `not null of id`. */
  what: string
  statement: string
  /** The column that it makes an identity. */
  identity?: string
}

/**
 * The constraints of the live table. They are made once the rows are there, in one pass each; foreign keys follow at
 * the swap, when the names that they refer to are right.
 */
export async function makeConstraints(work: Work, columns: readonly string[]): Promise<MadeConstraints> {
  const { kind, target, live } = work
  const alike = work.alike === null ? null : live
  const { constraints, notices, indexes } = planConstraints({ kind, target, alike }, columns)
  const lost: string[] = []
  for (const constraint of constraints) {
    const { identity = null } = constraint
    // A user's own statement may have stopped saying that the column is not null.
    if (
      identity === null ||
      work.brought === null ||
      (await readNotNull(work.session, work.relation)).has(identity)
    )
      await attempt(work, constraint)
    else lost.push(`column ${identity} was an identity, and now may be null`)
  }
  await takeOverSequences(work)
  return { notices: [...notices, ...lost], indexes }
}

export interface MadeConstraints {
  notices: readonly string[]
  /** Names of the indexes that come with the constraints. */
  indexes: readonly string[]
}

interface ConstraintPlan extends MadeConstraints {
  constraints: readonly Constraint[]
}

/** @param columns of the new version */
export function planConstraints(
  { kind, alike, target }: Pick<Work, 'kind' | 'alike' | 'target'>,
  columns: readonly string[],
): ConstraintPlan {
  const constraints: Constraint[] = []
  const notices: string[] = []
  const indexes: string[] = []
  if (kind !== 'table' || alike === null) return { constraints, notices, indexes }
  for (const { name, generated, notNull } of alike.columns) {
    if (!columns.includes(name)) continue
    if (generated) notices.push(`column ${name} was generated, and now holds what the select gives`)
    if (notNull) constraints.push({ what: `not null of ${name}`, statement: notNullStatement(target, name) })
  }
  for (const constraint of alike.constraints) {
    const { name } = constraint
    const lost = constraint.columns.filter((column) => !columns.includes(column))
    if (lost.length > 0) {
      notices.push(`constraint ${name} is lost with column ${lost.join(', ')}`)
      continue
    }
    constraints.push({
      what: `constraint ${name}`,
      statement: constraintStatements(target, constraint).join(';\n'),
    })
    if (constraint.index !== null) indexes.push(constraint.index.name)
  }
  // Last: the column has to be not null, which is a constraint since PostgreSQL 18.
  for (const { name, identity } of alike.columns) {
    if (identity === null || !columns.includes(name)) continue
    constraints.push({
      what: `the identity of ${name}`,
      statement: identityStatement(target, name, identity),
      identity: name,
    })
  }
  return { constraints, notices, indexes }
}

/** Those of a user's own statement too, which cannot say what stands on them. */
async function takeOverSequences({ session, relation, target, alike }: Work): Promise<void> {
  if (alike === null || alike.columns.every(({ identity }) => identity === null)) return
  const made = await session.query<{ column: string; sequence: string; holders: (string | null)[] }>(
    `select a.attname::text as column, s.relname::text as sequence,
            array(select distinct case when item.grantee <> 0 then pg_get_userbyid(item.grantee)::text end
                  from aclexplode(s.relacl) as item) as holders
     from pg_attribute a
     join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid = a.attnum
     join pg_class s on d.classid = 'pg_class'::regclass and s.oid = d.objid and s.relkind = 'S'
     where a.attrelid = $1::regclass and a.attidentity <> '' and d.deptype = 'i'`,
    [relation],
  )
  const statements = made.flatMap(({ column, sequence, holders }) => {
    const identity = alike.columns.find(({ name }) => name === column)?.identity ?? null
    const place = { schema: target.schema, owner: alike.owner }
    return identity === null ? [] : sequenceStatements(place, sequence, identity, holders)
  })
  if (statements.length > 0) await session.query(statements.join(';\n'))
}

async function attempt(work: Work, { what, statement }: Constraint): Promise<void> {
  try {
    await work.session.query(statement)
  } catch (error) {
    const { view } = work.input
    throw explainFailure(error, {
      code: 'build',
      what: `${what} of ${view.name} does not hold`,
      file: view.file,
    })
  }
}
