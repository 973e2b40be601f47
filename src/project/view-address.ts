import { maxIdentifierBytes, type Address } from '../sql/identifiers.ts'
import type { EngineName } from '../sql/engine-name.ts'
import type { FoundFile } from './find-files.ts'

export interface Complaint {
  message: string
  hint?: string
}

/**
 * The view that a file belongs to, by its folder and the stem of its name; or what is wrong with them.
 * In a folder the stem is the name, outside it is `schema.name`.
 */
export function viewAddress(file: FoundFile, stem: string, engine: EngineName): Address | Complaint {
  const [folder, ...deeper] = file.folders
  if (deeper.length > 0) {
    return { message: 'lies too deep', hint: 'The only folders among the views are those of the schemas.' }
  }
  const parts = folder === undefined ? stem.split('.') : [folder.normalize('NFC'), stem]
  const [schema = '', name] = parts
  if (name === undefined) {
    return {
      message: 'names no schema',
      hint: `Call it schema.${stem}, or put it into a folder for its schema.`,
    }
  }
  if (parts.length > 2) return { message: `the name "${stem}" has more than one dot` }
  return complaintAboutName(schema, name, engine) ?? { schema, name }
}

/** What a name may have. */
export const nameLimits = {
  postgres: { bytes: maxIdentifierBytes, server: 'PostgreSQL' },
  redshift: { bytes: 127, server: 'Amazon Redshift' },
}

function complaintAboutName(schema: string, name: string, engine: EngineName): Complaint | null {
  if (schema === '' || name === '') return { message: 'a name is missing' }
  if (name.startsWith(`${schema}.`)) {
    return {
      message: `the name "${name}" has a dot`,
      hint: `In the folder ${schema} it is called ${name.slice(schema.length + 1)}.`,
    }
  }
  // Names are told apart from schemas by the dot, here and on the command line.
  if (engine === 'redshift' && /__duro_(?:[0-9a-f]{16}_)?(?:new|old\d?)$/i.test(name)) {
    return { message: `the name "${name}" is for new and old versions of views` }
  }
  for (const part of [schema, name]) {
    if (part.includes('.')) return { message: `the name "${part}" has a dot` }
    if (part !== part.trim()) return { message: `the name "${part}" begins or ends with white space` }
    const { bytes, server } = nameLimits[engine]
    if (Buffer.byteLength(part) > bytes) {
      return { message: `the name "${part}" is longer than the ${bytes} bytes ${server} keeps` }
    }
  }
  return null
}

/** What keeps a schema from holding views; null when nothing does. */
export function complaintAboutSchema(schema: string, stateSchema: string): Complaint | null {
  if (schema === stateSchema) {
    return {
      message: `the schema ${schema} is for what duro keeps about its runs`,
      hint: 'Choose another schema, or set "state_schema:" in duro.yaml.',
    }
  }
  if (schema.startsWith('pg_') || schema === 'information_schema') {
    return { message: `the schema ${schema} is PostgreSQL's own` }
  }
  return /__duro_(new|old\d?)$/.test(schema)
    ? { message: `the name of the schema ${schema} is for new and old versions of views` }
    : null
}
