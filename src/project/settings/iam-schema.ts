import * as z from 'zod'
import type { IamSettings } from '../aws-settings.ts'
import { awsFields, awsSettings, checkKeys } from './aws-schema.ts'
import * as leaf from './leaves.ts'

/** What only a user of a cluster has, and every user of a workgroup is known by its identity at AWS. */
const ofUsers = ['db_groups', 'auto_create'] as const

/** `iam` in duro.yaml. */
export const iamSchema = leaf
  .keys({
    cluster: leaf.text.nullish(),
    workgroup: leaf.text.nullish(),
    user: leaf.text.nullish(),
    db_groups: z.array(leaf.text).nullish(),
    auto_create: leaf.flag.nullish(),
    database: leaf.text.nullish(),
    ...awsFields,
  })
  .superRefine(checkKeys)
  .transform((file, context): IamSettings => {
    const { cluster, workgroup, user } = file
    const complain = (keys: readonly (keyof typeof file)[], message: string): void => {
      for (const key of keys) {
        if (file[key] === null || file[key] === undefined) continue
        context.addIssue({ code: 'custom', path: [key], message, params: { key: true } })
      }
    }
    const common = { database: file.database ?? null, ...awsSettings(file) }
    if (cluster && !workgroup) {
      if (!user) complain(ofUsers, 'needs user too')
      const { db_groups: dbGroups, auto_create: autoCreate } = file
      return {
        kind: 'cluster',
        cluster,
        user: user ?? null,
        dbGroups: dbGroups ?? [],
        autoCreate: autoCreate ?? false,
        ...common,
      }
    }
    if (workgroup && !cluster) {
      complain(['user', ...ofUsers], 'is for clusters: a workgroup knows its users by their identity at AWS')
      return { kind: 'workgroup', workgroup, ...common }
    }
    context.addIssue({ code: 'custom', message: 'must have one of the keys cluster and workgroup' })
    return z.NEVER
  })
