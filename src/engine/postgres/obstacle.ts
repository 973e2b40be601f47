import type { ViewName } from '../../project/view.ts'
import type { CapturedRelation } from './catalog/captured-relation.ts'
import type { Dependent } from './catalog/dependents.ts'

/** What stands in the way of a swap, and what a person can do about it. */
export interface Obstacle {
  message: string
  hint: string
  isMissingRight?: true
}

/** Null: the dependent can be made to point to the new version, by this role. */
export function obstacleOf({ description, remedy, lacks }: Dependent, view: ViewName): Obstacle | null {
  if (remedy === null) {
    return {
      message: `${description} depends on ${view} and would stay bound to its old version`,
      hint: description.startsWith('materialized view')
        ? 'Put its select into a file of this folder, so that duro rebuilds it too.'
        : 'Drop it, or let it read a plain view on top of this one.',
    }
  }
  if (lacks === null) return null
  return {
    message: `${description} depends on ${view}, and duro may not make it again on the new version: ${lacks.because}`,
    hint: `Let an administrator run: ${lacks.remedy}`,
    isMissingRight: true,
  }
}

/** Null: it stands alone. The rows of one that does not would be gone from where else they are read. */
export function inheritanceObstacle({ inherits }: CapturedRelation, view: ViewName): Obstacle | null {
  if (!inherits) return null
  return {
    message: `${view} is partitioned, or takes part in inheritance, and cannot be exchanged as a whole`,
    hint: 'Detach it, or give the view another name.',
  }
}
