import type * as z from 'zod'
import { commandImport } from './command-import.ts'
import { duneImport } from './dune/dune-import.ts'
import type { Import } from './import.ts'

/**
 * The kinds of imports, by their keys in the settings: `import: { dune: … }`. Each is a schema that turns its settings
 * into an `Import`; a further kind is one more file and one more line here.
 */
export const importKinds: Readonly<Record<string, z.ZodType<Import>>> = {
  command: commandImport,
  dune: duneImport,
}
