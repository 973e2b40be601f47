import { isAbsolute, normalize } from 'node:path'
import * as z from 'zod'
import { iamSchema } from './iam-schema.ts'
import * as leaf from './leaves.ts'
import { s3Schema } from './s3-schema.ts'
import { viewSettingsSchema } from './view-settings-schema.ts'

/** PostgreSQL keeps these names to itself. */
const ownSchema = leaf.identifier.refine((name) => !name.startsWith('pg_'), 'must not begin with pg_')

const folder = leaf.text
  .refine((path) => !isAbsolute(path), 'must be relative to the folder of duro.yaml')
  .transform((path) => normalize(path).replaceAll('\\', '/').replace(/\/$/, ''))
  .refine((path) => path !== '..' && !path.startsWith('../'), 'must lie within the folder of duro.yaml')

/** The keys of duro.yaml, in canonical form. Null stands for the default. */
export const projectSettingsFields = {
  database: leaf.text.nullish(),
  engine: leaf.choice(['postgres', 'redshift']).nullish(),
  views: folder.nullish(),
  default_schema: z.array(leaf.identifier).nullish(),
  state_schema: ownSchema.nullish(),
  default_interval: leaf.positiveDuration.nullish(),
  concurrency: leaf.wholeNumber.nullish(),
  one_instant: leaf.flag.nullish(),
  fill_tables: leaf.choice(['copy', 'insert']).nullish(),
  timeout: leaf.positiveDuration.nullish(),
  keep_previous: leaf.flag.nullish(),
  history_stored_for: leaf.duration.nullish(),
  s3: s3Schema.nullish(),
  iam: iamSchema.nullish(),
  swap: leaf.keys({ give_up_after: leaf.duration.nullish() }).nullish(),
  defaults: viewSettingsSchema.nullish(),
}

export const projectSettingsSchema = leaf.keys(projectSettingsFields)

export type ProjectSettingsFile = z.output<typeof projectSettingsSchema>
