import * as z from 'zod'
import { importSchema } from '../../import/import-schema.ts'
import * as leaf from './leaves.ts'

// The column of a test.
const column = leaf.text

const index = leaf.keys({
  columns: z.array(leaf.text).nonempty('must name at least one column'),
  unique: leaf.flag.nullish(),
  include: z.array(leaf.text).nullish(),
  where: leaf.text.nullish(),
  method: leaf.text.nullish(),
  name: leaf.identifier.nullish(),
})

const sortkey = leaf
  .keys({
    compound: sortColumns(400),
    interleaved: sortColumns(8),
  })
  .refine(({ compound, interleaved }) => !(compound && interleaved), 'is either compound or interleaved')

/** Redshift takes so many columns and no more. */
function sortColumns(most: number) {
  return z
    .array(leaf.text)
    .nonempty('must name at least one column')
    .max(most, `names more than ${most} columns`)
    .nullish()
}

const limits = leaf.keys({ max_decrease: leaf.limit.nullish(), max_increase: leaf.limit.nullish() })

const tests = leaf.keys({
  not_null: z.array(column).nullish(),
  unique: z.array(z.array(column).nonempty('must name at least one column')).nullish(),
  accepted_values: z
    .record(z.string(), z.array(leaf.columnValue).nonempty('must name at least one value').nullish())
    .nullish(),
  relationships: z.array(leaf.keys({ column, to: leaf.address, field: column })).nullish(),
})

const totals = z.record(z.string(), leaf.text.nullish()).superRefine((record, context) => {
  if (!('rows' in record)) return
  const message = 'is always there and cannot be declared'
  context.addIssue({ code: 'custom', path: ['rows'], message, params: { key: true } })
})

/** One layer of a view's settings: a file, or `defaults` in duro.yaml, in canonical form. Null resets. */
export const viewSettingsSchema = leaf.keys({
  interval: leaf.positiveDuration.nullish(),
  materialized: leaf.choice(['view', 'table', 'none']).nullish(),
  grant_select: z.array(leaf.listName).nullish(),
  indexes: z.array(index).nullish(),
  totals: totals.nullish(),
  limits: z.record(z.string(), limits.nullish()).nullish(),
  tests: tests.nullish(),
  tags: z.array(leaf.listName).nullish(),
  depends_on: z.array(leaf.address).nullish(),
  description: leaf.freeText.nullish(),
  columns: z.record(z.string(), leaf.freeText.nullish()).nullish(),
  timeout: leaf.positiveDuration.nullish(),
  snapshots_interval: leaf.positiveDuration.nullish(),
  snapshots_stored_for: leaf.positiveDuration.nullish(),
  distkey: leaf.text.nullish(),
  diststyle: leaf.choice(['auto', 'even', 'all', 'key']).nullish(),
  sortkey: sortkey.nullish(),
  backup: leaf.flag.nullish(),
  processor: z.array(leaf.text).nonempty('must name a program').nullish(),
  import: importSchema.nullish(),
  env: z.array(leaf.variableName).nullish(),
})

export type ViewSettingsLayer = z.output<typeof viewSettingsSchema>
