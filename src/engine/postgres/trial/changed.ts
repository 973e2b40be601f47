import type { View } from '../../../project/view.ts'
import type { CapturedRelation } from '../catalog/captured-relation.ts'
import type { RelationColumns } from './read-columns.ts'

/** A view whose columns change. */
export interface Changed {
  view: View
  live: RelationColumns
  coming: RelationColumns
  /** The live version, where the new one is of its kind and so gets what hangs on it; else null. */
  alike: CapturedRelation | null
}

/** Names of those that both versions have, with types that differ. */
export function retypedColumns({ live, coming }: Pick<Changed, 'live' | 'coming'>): ReadonlySet<string> {
  const types = new Map(coming.columns.map(({ name, type }) => [name, type]))
  return new Set(live.columns.flatMap(({ name, type }) => ((types.get(name) ?? type) === type ? [] : [name])))
}
