import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { bundle } from '../../../build.js'
import { repositoryRoot } from '../../support/repository-root.ts'

/** Another process that uses the embedded server, as a second `duro` would. */
export interface Command {
  pid: number
  serverPid: number
  url: string
  /** Sends a signal to its process group, as a terminal does with Ctrl-C. */
  signalGroup(signal: NodeJS.Signals): void
  /** What it printed after it got the server, once it has ended. */
  ended: Promise<string[]>
}

/** On SIGINT the command asks the server something first, stops it then. */
const SCRIPT = `
  const [started, client, dataDirectory] = process.argv.slice(1)
  const { startEmbeddedServer } = await import(started)
  const { Client } = await import(client)
  const server = await startEmbeddedServer({ dataDirectory })
  const busy = setInterval(() => undefined, 1000)
  process.once('SIGINT', async () => {
    const session = new Client({ connectionString: server.url })
    await session.connect()
    const { rows } = await session.query('select 42 as answer')
    await session.end()
    console.log(rows[0].answer)
    await server.stop()
    clearInterval(busy)
  })
  console.log(JSON.stringify({ serverPid: server.pid, url: server.url }))
`

/** Beside the packages, which it has to find. */
const built = buildServer(join(repositoryRoot, 'node_modules', '.duro-test'))

async function buildServer(folder: string): Promise<string> {
  await bundle([join(repositoryRoot, 'src', 'embedded', 'start-embedded-server.ts')], folder)
  return join(folder, 'start-embedded-server.js')
}

export async function startCommand(dataDirectory: string): Promise<Command> {
  const modules = [await built, join(repositoryRoot, 'node_modules', 'pg', 'esm', 'index.mjs')].map(
    (path) => pathToFileURL(path).href,
  )
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, ...modules, dataDirectory], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const printed: string[] = []
  lines.on('line', (line) => printed.push(line))
  const ended = once(child, 'close').then(() => printed)
  await Promise.race([once(lines, 'line'), ended])
  const [first] = printed.splice(0, 1)
  if (first === undefined || child.pid === undefined) throw new Error('the command got no server')
  const pid = child.pid
  return { pid, ...JSON.parse(first), ended, signalGroup: (signal) => void process.kill(-pid, signal) }
}
