import * as z from 'zod'
import * as leaf from '../project/settings/leaves.ts'
import { importKinds } from './import-kinds.ts'
import type { Import } from './import.ts'

const kinds = Object.fromEntries(
  Object.entries(importKinds).map(([kind, schema]) => [kind, schema.nullish()]),
)

/** `import` in the settings of a view: one key, which is the kind. */
export const importSchema = leaf.keys(kinds).transform((settings, context): Import => {
  const [first, second] = Object.values(settings).filter((each) => each !== null && each !== undefined)
  if (first !== undefined && second === undefined) return first
  context.addIssue({ code: 'custom', message: `must have one of the keys ${Object.keys(kinds).join(', ')}` })
  return z.NEVER
})
