import { DuroError } from '../../../errors.ts'
import { createRelation, createTable } from '../statements/create-relation.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../sql-error.ts'
import { stayInPlace } from '../statements/stay-in-place.ts'
import type { Work } from './work.ts'

/** The new relation, as the server made it. */
export interface MadeRelation {
  id: number
  columns: readonly string[]
}

export async function createNew(work: Work): Promise<MadeRelation> {
  const { session, input, target, relation, context } = work
  const { view, sql } = input
  const create =
    input.feed === null
      ? createRelation(work.kind, relation, sql.text, work.alike)
      : createTable(sql.text, work.alike)
  try {
    await session.query(create.text)
    // What is made on it has places of its own.
    if (input.feed !== null && work.alike !== null) await session.query(stayInPlace)
  } catch (error) {
    throw explainFailure(error, {
      code: 'build',
      what: `${view.name} could not be built`,
      file: view.file,
      statement: { sql, text: create.text, selectStart: create.selectStart },
    })
  }
  const made = await readMade(session, relation)
  await session.query(
    context.register({ ...target, id: String(made.id), place: 'new', view: view.name, runId: context.runId }),
  )
  return made
}

/** @param relation one that this transaction has made */
export async function readMade(session: Session, relation: string): Promise<MadeRelation> {
  const [made] = await session.query<MadeRelation>(
    `select c.oid::bigint::float8 as id, array(
       select a.attname::text from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns
     from pg_class c where c.oid = $1::regclass`,
    [relation],
  )
  if (made === undefined) throw new DuroError('internal', `${relation} was made and is not there`)
  return made
}
