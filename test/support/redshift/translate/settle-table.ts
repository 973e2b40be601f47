import type { Named } from './names.ts'
import { regclassLiteral } from './names.ts'
import { doBlock, hiddenStep, literal, type Step } from './step.ts'
import type { TableAttributes } from './table-attributes.ts'

/** Writes down how Redshift would keep a new table, and lets its texts be as long as there. */
export function settleTable(named: Named, attributes: TableAttributes, made: 'as' | 'columns'): Step {
  const described = literal(JSON.stringify(attributes))
  return hiddenStep(
    doBlock(
      `perform redshift_stand_in.settle_table(${regclassLiteral(named)}::regclass, ${described}::jsonb, ${literal(made)});`,
    ),
  )
}
