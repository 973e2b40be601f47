import * as fc from 'fast-check'

import { commonQuery } from '../queries/redshift-relations.ts'
import { redshiftTraps } from './redshift-traps.ts'

/** Generated queries, and those that invite a mistake. */
export const anyQuery = fc.oneof(
  commonQuery.map(({ sql }) => sql),
  fc.constantFrom(...redshiftTraps.map(({ sql }) => sql)),
)
