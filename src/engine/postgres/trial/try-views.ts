import { parametersFor, relationsAt } from '../catalog/relations-at.ts'
import { SqlError, type DuroError } from '../../../errors.ts'
import type { ViewName } from '../../../project/view.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { SqlParser } from '../../../sql/parser.ts'
import type { ViewToBuild } from '../../builder.ts'
import type { Trial, TrialOptions, ViewToTry } from '../../engine.ts'
import { givingWay, isInTheWay, waitBriefly } from '../connection/giving-way.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { kindOf, relationKind } from '../relation-kind.ts'
import { makeSchemas } from '../shadow-schemas.ts'
import { explainFailure } from '../sql-error.ts'
import { createRelation, createTable } from '../statements/create-relation.ts'
import { isEnd } from './attempt.ts'
import { findBound } from './find-bound.ts'
import { findComplaint } from './find-complaint.ts'
import { findConsequences } from './find-consequences.ts'
import { keepKeys, readKeys } from './keep-keys.ts'
import { checkSettings } from './check-settings.ts'
import { readVersions } from './read-versions.ts'
import { tryIndexes } from './try-indexes.ts'
import { tryQuestions } from './try-questions.ts'

interface TrialWork extends TrialOptions {
  parser: SqlParser
}

/** Milliseconds for which a trial gives way to whoever has locked a source. */
const patience = 60_000

/**
 * Makes the new relations without rows in a transaction that is rolled back. In milliseconds it shows every mistake
 * in every select, the columns that change, and what would break by that.
 * @param views upstream first; pointed at the new versions of each other, and at the live ones of all else
 */
export async function tryViews(
  session: Session,
  views: readonly ViewToTry[],
  options: TrialWork,
): Promise<Trial[]> {
  if (views.length === 0) return []
  await waitBriefly(session)
  try {
    return await givingWay(patience, options.signal, () => tryOnce(session, views, options))
  } catch (error) {
    throw explainFailure(error, {
      code: 'preflight',
      what: 'the new definitions could not be tried',
      file: null,
    })
  }
}

async function tryOnce(session: Session, views: readonly ViewToTry[], options: TrialWork): Promise<Trial[]> {
  await session.query('begin')
  try {
    await makeSchemas(session, [...new Set(views.map(({ view }) => view.schema))])
    await clearTheWay(session, views)
    const keys = await readKeys(session, views)
    const errors = new Map<ViewName, DuroError | null>()
    const made = new Map<ViewName, Address>()
    const failed = new Set<ViewName>()
    for (const input of views) {
      if (input.reads.some((name) => failed.has(name))) {
        failed.add(input.view.name)
        continue
      }
      const place = addressOf(input.view, 'new')
      const error = await tryCreate(session, input)
      if (error === null) made.set(input.view.name, place)
      else failed.add(input.view.name)
      if (error === null) await keepKeys(session, input, keys)
      errors.set(input.view.name, error ?? (await tryIndexes(session, input, formatAddress(place))))
    }
    const bound = await findBound(
      session,
      views.filter(({ view }) => made.has(view.name)),
      options,
    )
    // What is asked may be of any of them.
    const complaints = failed.size > 0 ? null : await tryQuestions(session, views)
    await session.query("set local search_path = ''")
    const tried = views.filter(({ view }) => errors.has(view.name))
    const versions = await readVersions(session, tried, made)
    const wrong = await checkSettings(
      session,
      versions.filter(({ isRenewed }) => isRenewed),
    )
    const consequences = await findConsequences(session, versions, { ...options, made })
    return tried.map(({ view }) => {
      const error = errors.get(view.name) ?? null
      return {
        view,
        errors: [
          ...(error === null ? [] : [error]),
          ...[bound, complaints, wrong].flatMap((found) => found?.get(view.name) ?? []),
        ],
        ...(consequences.get(view.name) ?? { changes: [], broken: [] }),
      }
    })
  } finally {
    await session.query('rollback').catch(() => undefined)
  }
}

/** Built versions may wait there for their swap; when the trial is rolled back they are there again. */
async function clearTheWay(session: Session, views: readonly ViewToBuild[]): Promise<void> {
  const places = views.map(({ view }) => addressOf(view, 'new'))
  const waiting = await session.query<Address & { kind: string }>(
    `select n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind
     from ${relationsAt}`,
    parametersFor(places),
  )
  for (const { kind, ...address } of waiting) {
    // Perhaps it went with one before: they may read each other.
    await session.query(`drop ${relationKind(kind) ?? 'table'} if exists ${formatAddress(address)} cascade`)
  }
}

async function tryCreate(session: Session, input: ViewToBuild): Promise<DuroError | null> {
  const { view, sql, feed } = input
  const kind = kindOf(view.settings.materialized)
  const relation = formatAddress(addressOf(view, 'new'))
  const create = feed === null ? createRelation(kind, relation, sql.text, null) : createTable(sql.text, null)
  await session.query('savepoint trial')
  try {
    await session.query(create.text)
    const complaint = await findComplaint(session, input, relation)
    if (complaint !== null) {
      await session.query('rollback to savepoint trial')
      return complaint
    }
    await session.query('release savepoint trial')
    return null
  } catch (error) {
    if (isInTheWay(error) || isEnd(error)) throw error
    const explained = explainFailure(error, {
      code: 'build',
      what: `${view.name} could not be built`,
      file: view.file,
      statement: { sql, text: create.text, selectStart: create.selectStart },
    })
    if (!(explained instanceof SqlError)) throw explained
    await session.query('rollback to savepoint trial')
    return explained
  }
}
