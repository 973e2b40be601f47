import type { DuroError } from '../../../errors.ts'
import type { ViewName } from '../../../project/view.ts'
import { foldIdentifier, formatAddress } from '../../../sql/identifiers.ts'
import type { SqlParser } from '../../../sql/parser.ts'
import { checkDescribed } from '../../check-described.ts'
import { compareColumns, describeChange } from '../../compare-columns.ts'
import type { Trial, TrialOptions, ViewToTry } from '../../engine.ts'
import { interruptible } from '../../interruptible.ts'
import { cancelling } from '../ask.ts'
import { readDependents } from '../catalog/dependents.ts'
import { readWithColumns } from '../catalog/relations.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../explain-failure.ts'
import { addressOf } from '../places.ts'
import { checkKeys } from './check-keys.ts'
import { questionSteps } from './question-steps.ts'
import { runSteps } from './run-steps.ts'
import { tryDependents } from './try-dependents.ts'
import { viewSteps, type Failures } from './view-steps.ts'

interface TrialWork extends TrialOptions {
  parser: SqlParser
}

/**
 * Makes the new relations without rows in a transaction that is rolled back. It shows every mistake in every select, the
 * columns that change, and what would break by that.
 * @param control an idle session
 * @param views upstream first; pointed at the new versions of each other, and at the live ones of all else
 */
export async function tryViews(
  session: Session,
  control: Session,
  views: readonly ViewToTry[],
  options: TrialWork,
): Promise<Trial[]> {
  if (views.length === 0) return []
  try {
    return await interruptible(cancelling(session, control), options.signal, () =>
      tryAll(session, views, options),
    )
  } catch (error) {
    const what = 'the new definitions could not be tried'
    throw explainFailure(error, { code: 'preflight', what, file: null })
  }
}

async function tryAll(
  session: Session,
  views: readonly ViewToTry[],
  { planned, parser }: TrialWork,
): Promise<Trial[]> {
  // 1. What is live, and what the views would become.
  const live = await readWithColumns(
    session,
    planned.map((view) => addressOf(view, 'live')),
  )
  const failures: Failures = new Map()
  const complaints = new Map<ViewName, DuroError[]>()
  const steps = await viewSteps(session, views, failures)
  const questions = questionSteps(session, views, failures, complaints)
  const coming = await runSteps(session, [...steps, ...questions], () =>
    readWithColumns(
      session,
      views.map(({ view }) => addressOf(view, 'new')),
    ),
  )
  const tried = views.flatMap(({ view, isRenewed }) => {
    if (failures.get(view.name) === null) return []
    const [before, after] = [addressOf(view, 'live'), addressOf(view, 'new')].map(formatAddress)
    return [{ view, isRenewed, live: live.get(before ?? ''), coming: coming.get(after ?? '') }]
  })
  // 2. How their columns differ.
  const changes = new Map<ViewName, string[]>()
  for (const { view, live: before, coming: after } of tried) {
    if (before === undefined || after === undefined) continue
    changes.set(view.name, compareColumns(before.columns, after.columns).map(describeChange))
  }
  // 3. What that would break.
  const changed = tried.flatMap(({ view, live: before }) =>
    before !== undefined && changes.get(view.name)?.length ? [before.id] : [],
  )
  const members = new Set([...live.values()].map(({ id }) => id))
  const dependents = (await session.withQualifiedNames(() => readDependents(session, changed))).filter(
    ({ id, isNative }) => !members.has(id) && !isNative,
  )
  const made = new Map(views.map(({ view }) => [view.name, addressOf(view, 'new')]))
  const broken = await tryDependents(session, dependents, steps, made, parser)
  return tried.map(({ view, isRenewed, live: before, coming: after }) => ({
    view,
    errors: [
      failures.get(view.name) ?? (after === undefined ? null : checkKeys(view, after.columns)),
      isRenewed && after !== undefined ? checkDescribed(view, namesOf(after), foldIdentifier) : null,
      ...(complaints.get(view.name) ?? []),
    ].filter((error) => error !== null),
    changes: changes.get(view.name) ?? [],
    broken: (before === undefined ? [] : (broken.get(before.id) ?? [])).map(
      (complaint) => `${complaint} (it depends on ${view.name})`,
    ),
  }))
}

const namesOf = ({ columns }: { columns: readonly { name: string }[] }): string[] =>
  columns.map(({ name }) => name)
