import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { serverVersionNumber } from './pg-version.ts'

const execute = promisify(execFile)

/** Where Debian keeps the clients of each major version, apart from the one that `PATH` leads to. */
const DEBIAN = '/usr/lib/postgresql'

/** A `pg_dump` that is new enough for the test server, as it refuses newer ones than itself; null without any. */
export async function findPgDump(): Promise<string | null> {
  const wanted = Math.floor(serverVersionNumber() / 10_000)
  for (const path of ['pg_dump', ...debianPrograms()]) {
    const version = await execute(path, ['--version']).catch(() => null)
    const major = Number(/\(PostgreSQL\) (\d+)/.exec(version?.stdout ?? '')?.[1])
    if (major >= wanted) return path
  }
  return null
}

/** What `pg_dump` prints about a database, such as with `['--schema-only']`. */
export async function dump(pgDump: string, url: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(pgDump, [...args, `--dbname=${url}`], { maxBuffer: 64 * 1024 * 1024 })
  // Random in each dump since the releases of August 2025, against injected psql commands.
  return stdout.replaceAll(/^\\(un)?restrict .*$/gm, '')
}

function debianPrograms(): string[] {
  try {
    return readdirSync(DEBIAN).map((major) => join(DEBIAN, major, 'bin', 'pg_dump'))
  } catch {
    return []
  }
}
