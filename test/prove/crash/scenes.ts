import { createDatabase, query, withDatabase } from '../../support/database.ts'
import { readCatalog } from '../../support/catalog-snapshot.ts'
import { startDuro } from '../../support/cli.ts'
import { writeProject } from '../../support/project.ts'
import { duroOn } from '../duro.ts'
import { startProxy } from './proxy.ts'
import type { Scene } from './strike.ts'
import { crashProject, dependents, nextVersion, sources } from './world.ts'

/** A command in the state that it is struck in. */
export type SceneName = 'refresh' | 'first refresh' | 'swap --back'

export interface OpenScene extends Scene {
  /** The statements of an undisturbed run, in order. */
  statements: readonly string[]
  close(): Promise<void>
}

export async function openScene(name: SceneName): Promise<OpenScene> {
  const database = await createDatabase()
  const { url } = database
  const { hostname: host, port } = new URL(url)
  const proxy = await startProxy(() => ({ host, port: Number(port) || 5432 }))
  const proxied = new URL(url)
  proxied.host = `127.0.0.1:${proxy.port}`
  const project = await writeProject(crashProject({ keepPrevious: name === 'swap --back' }))
  const duro = duroOn(project.root, url)
  await query(url, sources)
  await duro.refresh()
  if (name !== 'first refresh') await query(url, dependents)
  await duro.refresh()
  await duro.cleanup()
  const scene: Scene = {
    root: project.root,
    url,
    proxiedUrl: withDatabase(proxied.href, database.name),
    proxy,
    command:
      name === 'swap --back' ? ['swap', '--back', '--wait', '30s'] : ['refresh', '--force', '--wait', '30s'],
    prepare: preparations[name](url, duro),
    catalog: await readCatalog(url),
  }
  return {
    ...scene,
    statements: await listStatements(scene),
    close: async () => {
      await proxy.close()
      await project.cleanup()
      await database.drop()
    },
  }
}

const preparations: Record<SceneName, (url: string, duro: ReturnType<typeof duroOn>) => () => Promise<void>> =
  {
    refresh: () => async () => undefined,
    'first refresh': (url) => async () => {
      await query(url, 'drop schema if exists first, second, duro cascade')
    },
    'swap --back': (url, duro) => async () => {
      await nextVersion(url)
      await duro.refresh()
      await nextVersion(url)
      await duro.refresh()
    },
  }

async function listStatements(scene: Scene): Promise<string[]> {
  await scene.prepare()
  scene.proxy.arm(null)
  const { result } = startDuro(scene.command, { cwd: scene.root, env: { DATABASE_URL: scene.proxiedUrl } })
  const { code, stderr } = await result
  if (code !== 0) throw new Error(`an undisturbed run ended with ${code}:\n${stderr}`)
  const statements = [...scene.proxy.passed]
  await duroOn(scene.root, scene.url).cleanup()
  return statements
}
