import { setTimeout as sleep } from 'node:timers/promises'

import { startDuro } from '../../support/cli.ts'
import type { Scene } from './strike.ts'
import { type Blow, verify } from './strike.ts'
import { nextVersion, seeSet } from './world.ts'

/** How long the command takes when nobody disturbs it, in milliseconds. */
export async function timeOf(scene: Scene): Promise<number> {
  await scene.prepare()
  const began = performance.now()
  await startDuro(scene.command, { cwd: scene.root, env: { DATABASE_URL: scene.url } }).result
  return performance.now() - began
}

/** Kills the command outright after so many milliseconds, and looks at what is there. */
export async function killAfter(scene: Scene, milliseconds: number): Promise<Blow> {
  await scene.prepare()
  const old = await seeSet(scene.url)
  const version = await nextVersion(scene.url)
  const running = startDuro(scene.command, { cwd: scene.root, env: { DATABASE_URL: scene.url } })
  await sleep(milliseconds)
  running.kill('SIGKILL')
  const result = await running.result
  return { struck: result.signal !== null, code: result.code, ...(await verify(scene, old, version, result)) }
}
