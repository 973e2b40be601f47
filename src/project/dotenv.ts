import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { DuroError } from '../errors.ts'
import { describeFileError } from './read-text.ts'

/** What the `.env` in the project's root says; nothing when there is none. */
export function readDotenv(root: string): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [name, value] of Object.entries(parseEnv(readDotenvText(root)))) {
    if (value !== undefined) variables[name] = value
  }
  return variables
}

function readDotenvText(root: string): string {
  try {
    return readFileSync(join(root, '.env'), 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw new DuroError('project', `.env cannot be read: ${describeFileError(error)}`)
  }
}
