import type { Problem } from '../../errors.ts'
import type { View } from '../../project/view.ts'
import { formatAddress, quoteIdentifier } from '../../sql/identifiers.ts'
import type { ObstacleOptions, ObstacleProblem } from '../engine.ts'
import { noPlaceForLoads } from './build/make-view.ts'
import { readDependents } from './catalog/dependents.ts'
import { readRelations, type Relation } from './catalog/relations.ts'
import type { Session } from './connection/session.ts'
import { obstacleOf, readRole, type Role } from './obstacle.ts'
import { addressOf } from './places.ts'

/** Everything that would make the run or its swap fail, or lose something, found before any work is done. */
export async function findObstacles(
  session: Session,
  options: ObstacleOptions,
  canLoad: boolean,
): Promise<ObstacleProblem[]> {
  const addresses = options.views.map((view) => addressOf(view, 'live'))
  const live = await readRelations(session, addresses)
  const ids = [...live.values()].map(({ id }) => id)
  const role = await readRole(session)
  const dependents = (await readDependents(session, ids)).filter(({ id }) => !ids.includes(id))
  return options.views.flatMap((view) => {
    const file = view.file.path
    const relation = live.get(formatAddress(addressOf(view, 'live')))
    const { message, hint } = noPlaceForLoads(view.name)
    const unloadable = view.feed === null || canLoad ? [] : [{ file, message, hint }]
    if (relation === undefined) return unloadable
    const bound = dependents
      .filter((dependent) => dependent.relation === relation.id)
      .flatMap((dependent) => obstacleOf(dependent, view.name, role) ?? [])
      .map((obstacle) => ({ file, ...obstacle }))
    return [
      ...unloadable,
      ...kindProblems(view, relation, options),
      ...ownerProblems(view, relation, role),
      ...bound,
    ]
  })
}

function kindProblems(view: View, relation: Relation, options: ObstacleOptions): Problem[] {
  const file = view.file.path
  if (relation.kind === 'materialized view') {
    const message = `a materialized view of Redshift itself stands under the name ${view.name}, and cannot be renamed`
    return [{ file, message, hint: 'Drop it, or rename the view.' }]
  }
  // A view can be made again from its definition; the rows of a table may exist nowhere else.
  const isOurs = options.published.get(view.name) === relation.id
  if (relation.kind !== 'table' || isOurs || options.replaceTables) return []
  const message = `a table that duro did not make stands under the name ${view.name}`
  return [{ file, message, hint: 'Rename it, or let this run replace it for good with --replace-tables.' }]
}

function ownerProblems(view: View, relation: Relation, role: Role): ObstacleProblem[] {
  if (relation.owner === role.name || role.isSuper) return []
  const name = formatAddress(addressOf(view, 'live'))
  return [
    {
      file: view.file.path,
      message: `${view.name} belongs to ${relation.owner}, and the user that duro connects as may not rename it`,
      hint: `Let an administrator run: alter table ${name} owner to ${quoteIdentifier(role.name)}`,
      isMissingRight: true,
    },
  ]
}
