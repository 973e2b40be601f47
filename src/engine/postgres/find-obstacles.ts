import type { Problem } from '../../errors.ts'
import type { View } from '../../project/view.ts'
import { formatAddress } from '../../sql/identifiers.ts'
import type { ObstacleOptions, ObstacleProblem } from '../engine.ts'
import { captureRelations } from './catalog/capture-relations.ts'
import type { CapturedRelation } from './catalog/captured-relation.ts'
import { findOwnVersions } from './catalog/find-leftovers.ts'
import { mayGiveTo } from './catalog/may-become.ts'
import { ownershipRemedy, relationToAlter } from './catalog/ownership-remedy.ts'
import { readDependents, type Dependent } from './catalog/dependents.ts'
import type { Session } from './connection/session.ts'
import { withQualifiedNames } from './connection/transaction.ts'
import { findHeld } from './find-held.ts'
import { describeLoss, publicationObstacle } from './describe-loss.ts'
import { findMissingRights } from './find-missing-rights.ts'
import { findReferences } from './find-references.ts'
import { findTakenNames } from './find-taken-names.ts'
import { letAdministratorRun } from './find-unmakeable.ts'
import { refuseWithoutLocks } from './lock-room.ts'
import { inheritanceObstacle, obstacleOf } from './obstacle.ts'
import { addressOf } from './places.ts'
import { kindOf, relationKind } from './relation-kind.ts'

/** Everything that would make the swap fail, or lose something, found before any work is done. */
export async function findObstacles(session: Session, options: ObstacleOptions): Promise<ObstacleProblem[]> {
  return withQualifiedNames(session, async () => {
    const live = await captureRelations(
      session,
      options.views.map((view) => addressOf(view, 'live')),
    )
    const byAddress = new Map(live.map((relation) => [formatAddress(relation), relation]))
    const dependents = await readDependents(
      session,
      live.map((relation) => relation.id),
      await findOwnVersions(session, options.leftovers),
    )
    const liveIds = live.map((relation) => relation.id)
    const held = await findHeld(session, dependents, liveIds, options)
    const foreignOwners = await readForeignOwners(session, live)
    await refuseWithoutLocks(session, options.views.length + live.length + dependents.length)
    const takenNames = await findTakenNames(session, live, options)
    const problems = options.views.flatMap((view) => {
      const address = formatAddress(addressOf(view, 'live'))
      const relation = byAddress.get(address)
      if (relation === undefined) return []
      for (const message of silentGrantors(view, relation))
        options.emit({ type: 'warning', view: view.name, message })
      const loss = describeLoss(view, relation, options.declaredIndexes(view.name))
      if (loss !== null) options.emit({ type: 'warning', view: view.name, message: loss })
      return [
        ...kindProblems(view, relation, options),
        ...policyProblems(view, relation),
        ...[publicationObstacle(view, relation), inheritanceObstacle(relation, view.name)].flatMap(
          (obstacle) => (obstacle === null ? [] : [{ file: view.file.path, ...obstacle }]),
        ),
        ...ownerProblems(view, relation, foreignOwners),
        ...dependents
          .filter((dependent) => dependent.relation === relation.id)
          .flatMap((dependent) => {
            const obstacle = obstacleOf(dependent, view.name)
            if (obstacle === null) return []
            if (held.has(dependent.materialized ?? 0)) {
              options.emit({ type: 'warning', view: view.name, message: describeHeld(dependent, view) })
              return []
            }
            const hint = hintAbout(dependent, options) ?? obstacle.hint
            return [{ file: view.file.path, ...obstacle, hint }]
          }),
      ]
    })
    return [
      ...problems,
      ...takenNames,
      ...(await findReferences(session, options.views, live)),
      ...(await findMissingRights(session, options.views, live)),
    ]
  })
}

function kindProblems(view: View, relation: CapturedRelation, options: ObstacleOptions): Problem[] {
  const file = view.file.path
  const kind = relationKind(relation.kind)
  if (kind === null || kind === 'foreign table') {
    const what = kind ?? 'relation that is neither table nor view'
    return [
      {
        file,
        message: `a ${what} stands under the name ${view.name}`,
        hint: 'Rename it, or rename the view.',
      },
    ]
  }
  // A view can be made again from its definition; the rows of a table may exist nowhere else.
  if (kind === 'table' && options.published.get(view.name) !== relation.id && !options.replaceTables) {
    return [
      {
        file,
        message: `a table that duro did not make stands under the name ${view.name}`,
        hint: 'Rename it, or let this run replace it for good with --replace-tables.',
      },
    ]
  }
  return []
}

/** Only tables have policies: who was to see some rows would see all of them. */
function policyProblems(view: View, relation: CapturedRelation): Problem[] {
  const kind = kindOf(view.settings.materialized)
  const policies = relation.objects.filter(({ key }) => /^(policy |row level security$)/.test(key))
  if (kind === 'table' || policies.length === 0) return []
  return [
    {
      file: view.file.path,
      message: `${view.name} becomes a ${kind}, which cannot have what decides who sees its rows: ${policies.map(({ key }) => key).join(', ')}`,
      hint: 'Drop the policies and disable row level security first, or keep `materialized: table`.',
    },
  ]
}

/** What to do about a view that duro published and that is not in the run: perhaps the folder has lost it. */
function hintAbout({ description }: Dependent, { published, removed }: ObstacleOptions): string | null {
  for (const name of published.keys()) {
    const dot = name.indexOf('.')
    const address = formatAddress({ schema: name.slice(0, dot), name: name.slice(dot + 1) })
    if (description !== `materialized view ${address}`) continue
    return removed.has(name)
      ? 'It is a view of duro whose file is gone. Drop it with duro cleanup --removed, or bring the file back.'
      : `It is a view of this folder: refresh ${name} together with this one.`
  }
  return null
}

const describeHeld = ({ description }: Dependent, { name }: View): string =>
  `${description.replace(/^materialized view /, '')}, whose file is gone, stays on the old version of ${name}: ` +
  'what is live still reads it. After this run duro cleanup --removed drops both.'

function ownerProblems(
  view: View,
  relation: CapturedRelation,
  foreignOwners: ReadonlyMap<number, string>,
): ObstacleProblem[] {
  const remedy = foreignOwners.get(relation.id)
  if (remedy === undefined) return []
  return [
    {
      file: view.file.path,
      message: `${view.name} belongs to ${relation.owner}, and the role that duro connects as is not a member of it`,
      hint: letAdministratorRun(remedy),
      isMissingRight: true,
    },
  ]
}

function silentGrantors(view: View, relation: CapturedRelation): string[] {
  return relation.silentGrantors.map(({ name, remedy }) => {
    const unless = remedy === null ? '' : `, unless an administrator runs: ${remedy}`
    return `what ${name} has granted on ${view.name} will be granted by its owner${unless}`
  })
}

/** The relations whose owner duro's role is not a member of, by object id, with the statement that mends it. */
async function readForeignOwners(
  session: Session,
  live: readonly CapturedRelation[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await session.query<{ id: number; remedy: string }>(
    `select c.oid::bigint::float8 as id, ${ownershipRemedy('c.relowner', relationToAlter('c'))} as remedy
     from pg_class c where c.oid = any($1::oid[]) and not ${mayGiveTo(session.version, 'c.relowner')}`,
    [live.map((relation) => relation.id)],
  )
  return new Map(rows.map(({ id, remedy }) => [id, remedy]))
}
