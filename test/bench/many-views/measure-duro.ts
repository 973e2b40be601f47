import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

import { repositoryRoot } from '../../support/repository-root.ts'

export interface Measurement {
  /** From the start of node to its end. */
  seconds: number
  /** Of the process itself: other work on the machine lengthens this less. */
  cpu: number
  /** The most memory that the process had, in MiB. */
  memory: number
  code: number | null
  output: string
}

const hook = fileURLToPath(new URL('note-usage.cjs', import.meta.url))

/** Runs the built program as a shell would, and notes its time and memory. */
export async function measureDuro(args: readonly string[], cwd: string): Promise<Measurement> {
  const note = join(cwd, `.usage-${process.pid}`)
  const began = performance.now()
  const child = spawn(
    process.execPath,
    ['--require', hook, join(repositoryRoot, 'bin', 'duro.js'), ...args],
    {
      cwd,
      env: { ...process.env, DURO_BENCH_NOTE: note, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => void (output += text))
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const seconds = (performance.now() - began) / 1000
  const [memory = 0, cpu = 0] = (await readFile(note, 'utf8')).split(' ').map(Number)
  await rm(note)
  return { seconds, cpu: cpu / 1e6, memory: memory / 1024, code, output }
}
