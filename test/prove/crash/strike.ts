import { stripVTControlCharacters } from 'node:util'

import { startDuro, type CliResult } from '../../support/cli.ts'
import { query } from '../../support/client.ts'
import { compareCatalogs, readCatalog } from '../../support/catalog-snapshot.ts'
import { duroOn } from '../duro.ts'
import type { Fault, Passing, Proxy } from './proxy.ts'
import { nextVersion, seeSet, whatIsLeft } from './world.ts'

/** How a run is hit. */
export type Kind = 'kill before' | 'kill during' | 'cut before' | 'cut after' | 'cut all' | 'terminate'

export const kinds: readonly Kind[] = [
  'kill before',
  'kill during',
  'cut before',
  'cut after',
  'cut all',
  'terminate',
]

/** A database, and the proxy in front of it. */
export interface StrikeTarget {
  /** The database itself. */
  url: string
  proxy: Proxy
}

/** A project on a database of its own, with a proxy in front. */
export interface Scene extends StrikeTarget {
  root: string
  /** The same through the proxy. */
  proxiedUrl: string
  /** What is run. */
  command: readonly string[]
  /** Brings the database to where the command starts from. */
  prepare: () => Promise<void>
  /** The catalog after an undisturbed run and a cleanup. */
  catalog: readonly string[]
}

export interface Blow {
  /** False: the run did not come to that statement, and ended as if nothing were. */
  struck: boolean
  /** Of the command: null when it was killed. */
  code: number | null
  /** Which set was live then. */
  live: 'old' | 'new' | 'nothing'
  /** What must not be. */
  wrong: readonly string[]
}

/** Runs the command, strikes, and looks at all that the promises speak of. */
export async function strikeAt(scene: Scene, at: string, kind: Kind): Promise<Blow> {
  const { proxy, url } = scene
  await scene.prepare()
  const old = await seeSet(url)
  const version = await nextVersion(url)
  const running = startDuro(scene.command, { cwd: scene.root, env: { DATABASE_URL: scene.proxiedUrl } })
  proxy.arm(faultOf(kind, at, scene, () => process.kill(running.pid, 'SIGKILL')))
  const result = await within(60_000, running.result, () => running.kill('SIGKILL'))
  const { struck } = proxy
  proxy.arm(null)
  if (result === null) return { struck, code: null, live: 'old', wrong: ['it hangs'] }
  const { live, wrong } = await verify(scene, old, version, result)
  return { struck, code: result.code, live, wrong }
}

const cutOff = ({ cut }: Passing): void => cut()

export function faultOf(kind: Kind, at: string, { proxy, url }: StrikeTarget, kill: () => void): Fault {
  const terminate = ({ pid, cut }: Passing): void => {
    if (pid === 0) cut()
    else void query(url, 'select pg_terminate_backend($1)', [pid])
  }
  const faults: Record<Kind, Omit<Fault, 'at'>> = {
    'kill before': { when: 'before', strike: kill },
    'kill during': { when: 'during', strike: kill },
    'cut before': { when: 'before', strike: cutOff },
    'cut after': { when: 'after', strike: cutOff },
    'cut all': { when: 'after', strike: () => proxy.cutAll() },
    terminate: { when: 'before', strike: terminate },
  }
  return { at, ...faults[kind] }
}

/** Looks at the live set; then runs and cleans up, and looks at what is there. */
export async function verify(
  scene: Scene,
  old: Awaited<ReturnType<typeof seeSet>>,
  version: number,
  result: CliResult,
): Promise<Pick<Blow, 'live' | 'wrong'>> {
  const wrong: string[] = []
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work()
    } catch (error) {
      wrong.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
      return null
    }
  }
  const seen = await attempt('reading the set', () => seeSet(scene.url))
  const live =
    seen === null || seen === 'nothing' ? 'nothing' : seen.versions.includes(version) ? 'new' : 'old'
  if (seen !== null && seen !== 'nothing' && seen.versions.length !== 1)
    wrong.push(`versions ${seen.versions.join(' and ')}`)
  if (old !== 'nothing' && (seen === 'nothing' || (seen !== null && seen.relations !== old.relations)))
    wrong.push('views are gone or empty')
  if (result.code === 0 && !scene.command.includes('--back') && live !== 'new')
    wrong.push(`exit 0, and the ${live} set is live`)
  if (result.signal === null && ![0, 1, 3].includes(result.code ?? -1)) wrong.push(`exit ${result.code}`)
  const said = stripVTControlCharacters(result.stdout + result.stderr)
  if (/^\s+at .*:\d+:\d+/m.test(said)) wrong.push(`a stack trace: ${said.slice(-600)}`)

  const duro = duroOn(scene.root, scene.url)
  const refreshed = await attempt('the next refresh', () => duro.refresh())
  if (refreshed !== null && refreshed.outcome !== 'published')
    wrong.push(`the next refresh: ${refreshed.outcome}`)
  const after = await attempt('reading the next set', () => seeSet(scene.url))
  if (after !== null && (after === 'nothing' || String(after.versions) !== String([version])))
    wrong.push('the next refresh did not publish the newest version')
  await attempt('cleanup', () => duro.cleanup())
  wrong.push(...((await attempt('looking for left-overs', () => whatIsLeft(scene.url))) ?? []))
  const catalog = await attempt('reading the catalog', () => readCatalog(scene.url))
  wrong.push(...compareCatalogs(scene.catalog, catalog ?? []).slice(0, 6))
  return { live, wrong }
}

async function within<T>(milliseconds: number, work: Promise<T>, onTimeout: () => void): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      onTimeout()
      resolve(null)
    }, milliseconds)
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
