import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { startEmbeddedServer, type EmbeddedServer } from '../../../src/embedded/start-embedded-server.ts'
import { readCatalog } from '../../support/catalog-snapshot.ts'
import { startDuro } from '../../support/cli.ts'
import { query } from '../../support/client.ts'
import { writeProject } from '../../support/project.ts'
import { makeTemporaryFolder } from '../../support/temporary-folder.ts'
import { duroOn } from '../duro.ts'
import { startProxy } from './proxy.ts'
import { type Blow, type Scene, verify } from './strike.ts'
import { crashProject, dependents, nextVersion, seeSet, sources } from './world.ts'

/** A server of its own, which is stopped and started; duro reaches it through a proxy that stays. */
export interface StoppableScene extends Scene {
  statements: readonly string[]
  /** Stops the server at once at a statement, without a checkpoint, and starts it again. */
  stopAt(statement: string): Promise<Blow>
  close(): Promise<void>
}

export async function openStoppableScene(): Promise<StoppableScene> {
  const dataDirectory = join(await makeTemporaryFolder('stoppable'), 'postgres')
  // What a stopped server has written must be there: only the operating system must not crash.
  const settings = { fsync: 'off', shared_buffers: '32MB' }
  const start = (): Promise<EmbeddedServer> => startEmbeddedServer({ dataDirectory, settings })
  let server = await start()
  const proxy = await startProxy(() => ({ host: '127.0.0.1', port: server.port }))
  const proxied = new URL(server.url)
  proxied.port = String(proxy.port)
  const url = proxied.href
  const project = await writeProject(crashProject({ keepPrevious: false }))
  const duro = duroOn(project.root, url)
  await query(url, sources)
  await duro.refresh()
  await query(url, dependents)
  await duro.refresh()
  await duro.cleanup()
  const command = ['refresh', '--force', '--wait', '30s']
  const scene: Scene = {
    root: project.root,
    url,
    proxiedUrl: url,
    proxy,
    command,
    prepare: async () => undefined,
    catalog: await readCatalog(url),
  }
  proxy.arm(null)
  await startDuro(command, { cwd: project.root, env: { DATABASE_URL: url } }).result
  return {
    ...scene,
    statements: [...proxy.passed],
    async stopAt(statement) {
      const old = await seeSet(url)
      const version = await nextVersion(url)
      const running = startDuro(command, { cwd: project.root, env: { DATABASE_URL: url } })
      const postmaster = server.pid
      const struck = new Promise<void>((resolve) => {
        proxy.arm({
          at: statement,
          when: 'during',
          strike: () => {
            process.kill(postmaster, 'SIGQUIT')
            resolve()
          },
        })
      })
      const ended = running.result
      await Promise.race([struck, ended])
      const wasStruck = proxy.struck
      if (wasStruck) {
        await untilGone(postmaster)
        server = await start()
      }
      const result = await ended
      proxy.arm(null)
      return { struck: wasStruck, code: result.code, ...(await verify(scene, old, version, result)) }
    },
    async close() {
      await proxy.close()
      await server.stop()
      await project.cleanup()
    },
  }
}

/** The server is this process's child, or a child of init: it may stay a zombie for a moment. */
async function untilGone(pid: number): Promise<void> {
  for (;;) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
    if (status === null || / Z /.test(status)) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
