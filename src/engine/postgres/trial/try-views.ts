import { parametersFor, relationsAt } from '../catalog/relations-at.ts'
import { SqlError, type DuroError } from '../../../errors.ts'
import type { ViewName, NamedView } from '../../../project/view.ts'
import { formatAddress, type Address } from '../../../sql/identifiers.ts'
import type { SqlParser } from '../../../sql/parser.ts'
import type { ViewToBuild } from '../../builder.ts'
import type { Trial, TrialOptions, ViewToTry } from '../../engine.ts'
import { readDependents } from '../catalog/dependents.ts'
import { givingWay, isInTheWay, waitBriefly } from '../connection/giving-way.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { kindOf, relationKind } from '../relation-kind.ts'
import { makeSchemas } from '../shadow-schemas.ts'
import { explainFailure } from '../sql-error.ts'
import { createRelation, createTable } from '../statements/create-relation.ts'
import { compareColumns, describeChange } from '../../compare-columns.ts'
import { isEnd } from './attempt.ts'
import { findBound } from './find-bound.ts'
import { findLostColumns, type Changed } from './find-lost-columns.ts'
import { findComplaint } from './find-complaint.ts'
import { keepKeys, readKeys } from './keep-keys.ts'
import { readColumns, type RelationColumns } from './read-columns.ts'
import { checkSettings } from './check-settings.ts'
import { tryIndexes } from './try-indexes.ts'
import { tryQuestions } from './try-questions.ts'
import { tryDependents } from './try-dependents.ts'

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
    const trials: Trial[] = []
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
      const complaint = error ?? (await tryIndexes(session, input, formatAddress(place)))
      trials.push({
        view: input.view,
        errors: complaint === null ? [] : [complaint],
        changes: [],
        broken: [],
      })
    }
    const bound = await findBound(
      session,
      views.filter(({ view }) => made.has(view.name)),
      options,
    )
    // What is asked may be of any of them.
    const complaints = failed.size > 0 ? null : await tryQuestions(session, views)
    const asked = trials.map((trial) => ({
      ...trial,
      errors: [
        ...trial.errors,
        ...(bound.get(trial.view.name) ?? []),
        ...(complaints?.get(trial.view.name) ?? []),
      ],
    }))
    return await withConsequences(session, views, asked, made, options)
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

async function withConsequences(
  session: Session,
  views: readonly ViewToTry[],
  trials: readonly Trial[],
  made: ReadonlyMap<ViewName, Address>,
  { planned, parser }: TrialWork,
): Promise<Trial[]> {
  await session.query("set local search_path = ''")
  const columns = await readColumns(session, [
    ...planned.map((view) => addressOf(view, 'live')),
    ...made.values(),
  ])
  const liveOf = (view: NamedView): RelationColumns | undefined =>
    columns.get(formatAddress(addressOf(view, 'live')))
  const newOf = (view: NamedView): RelationColumns | undefined =>
    made.has(view.name) ? columns.get(formatAddress(addressOf(view, 'new'))) : undefined
  const wrong = await checkSettings(
    session,
    views.flatMap(({ view, isRenewed }) => (isRenewed ? [{ view, columns: newOf(view)?.columns }] : [])),
  )
  const changes = new Map<ViewName, string[]>()
  const changed: Changed[] = []
  for (const { view } of trials) {
    const live = liveOf(view)
    const coming = newOf(view)
    if (live === undefined || coming === undefined) continue
    changes.set(view.name, compareColumns(live.columns, coming.columns).map(describeChange))
    if (changes.get(view.name)?.length !== 0) changed.push({ view, live, coming })
  }
  const members = new Set(planned.flatMap((view) => liveOf(view)?.id ?? []))
  const changedIds = changed.map(({ live }) => live.id)
  const dependents = (await readDependents(session, changedIds)).filter(
    ({ remedy, keeps }) => !members.has(keeps?.id ?? remedy?.id ?? 0),
  )
  const broken = await tryDependents(session, dependents, made, parser)
  const lost = await findLostColumns(session, changed, dependents)
  return trials.map((trial) => {
    const id = liveOf(trial.view)?.id ?? 0
    return {
      ...trial,
      errors: [...trial.errors, ...(wrong.get(trial.view.name) ?? [])],
      changes: changes.get(trial.view.name) ?? [],
      broken: [...(broken.get(id) ?? []), ...(lost.get(id) ?? [])],
    }
  })
}
