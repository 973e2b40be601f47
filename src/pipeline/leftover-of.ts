import type { Leftover } from '../engine/engine.ts'
import type { RegisteredRelation } from '../state/relations.ts'

/** As an engine knows it. */
export const leftoverOf = (relation: RegisteredRelation): Leftover => ({
  id: relation.id,
  address: { schema: relation.schema_name, name: relation.relation_name },
})
