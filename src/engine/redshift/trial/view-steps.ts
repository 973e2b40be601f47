import { SqlError, type DuroError } from '../../../errors.ts'
import type { ViewName } from '../../../project/view.ts'
import { formatAddress, quoteIdentifier } from '../../../sql/identifiers.ts'
import type { ViewToBuild } from '../../builder.ts'
import { readRelations } from '../catalog/relations.ts'
import type { Session } from '../connection/session.ts'
import { explaining } from '../../explaining.ts'
import { explainFailure } from '../explain-failure.ts'
import { literals } from '../literals.ts'
import { addressOf } from '../places.ts'
import { createEmpty, createRelation, kindOf } from '../statements/create-relation.ts'
import type { Step } from './run-steps.ts'

/** What could not be made, by view; null: because of what it reads. */
export type Failures = Map<ViewName, DuroError | null>

/** Makes room for the views, and then each of them without rows. */
export async function viewSteps(
  session: Session,
  views: readonly ViewToBuild[],
  failures: Failures,
): Promise<Step[]> {
  const schemas = [...new Set(views.map(({ view }) => view.schema))]
  const present = await session.query<{ name: string }>(
    `select nspname as name from pg_namespace where nspname in (${literals(schemas)})`,
  )
  const waiting = await readRelations(
    session,
    views.map(({ view }) => addressOf(view, 'new')),
  )
  const room: Step = {
    isOut: () => false,
    run: async () => {
      for (const schema of schemas) {
        if (!present.some(({ name }) => name === schema))
          await session.query(`create schema ${quoteIdentifier(schema)}`)
      }
      // What waits to be published has the names that are needed; it is back with the rollback.
      for (const relation of [...waiting.values()].toSorted((one, other) => other.id - one.id))
        await session.query(`drop ${relation.kind} ${formatAddress(relation)}`)
    },
    refuse: (error) => {
      throw error
    },
  }
  return [room, ...views.map((input) => viewStep(session, input, failures))]
}

function viewStep(session: Session, input: ViewToBuild, failures: Failures): Step {
  const { view, sql, reads, feed } = input
  const relation = formatAddress(addressOf(view, 'new'))
  const kind = kindOf(view.settings)
  const what = `${view.name} could not be built`
  const create =
    feed !== null
      ? { text: sql.text, selectStart: 0 }
      : kind === 'view'
        ? createRelation(kind, relation, sql.text, view.settings)
        : createEmpty(relation, sql.text)
  const query = feed?.input ?? null
  let failed = { file: view.file, statement: { sql, ...create } }
  return {
    isOut: () => {
      if (!failures.has(view.name) && reads.some((name) => failures.has(name))) failures.set(view.name, null)
      return failures.has(view.name)
    },
    run: async () => {
      failed = { file: view.file, statement: { sql, ...create } }
      await session.query(create.text)
      if (query === null) return
      const statement = explaining(query.sql)
      failed = { file: query.file, statement }
      await session.query(statement.text)
    },
    refuse: (error) => {
      const explained = explainFailure(error, { code: 'build', what, ...failed })
      if (!(explained instanceof SqlError)) throw explained
      failures.set(view.name, explained)
    },
  }
}
