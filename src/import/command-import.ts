import * as z from 'zod'
import * as leaf from '../project/settings/leaves.ts'
import type { Import } from './import.ts'

/** `import: { command: [curl, -sSf, https://example.com/rates.csv, -o] }`: the path for the CSV becomes its last word. */
export const commandImport = z
  .array(leaf.text)
  .nonempty('must name a program')
  .transform((command): Import => ({
    kind: 'command',
    definition: JSON.stringify(command),
    description: `${command.join(' ')} OUT`,
    words: command,
    secrets: [],
    write: ({ run, output }) => run([...command, output]),
  }))
