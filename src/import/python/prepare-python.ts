import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TextFile, ViewName } from '../../project/view.ts'
import { usingLockFile } from '../lock-file.ts'

export interface PythonWish {
  /** Of the project. */
  root: string
  name: ViewName
  requirements: TextFile | null
  failed: string
  /** Runs a program, and returns what it printed. */
  run: (command: readonly string[], called: string, folder?: string) => Promise<string>
  notice: (message: string) => void
  signal: AbortSignal
}

/**
 * The interpreter for a view's script: `python3`, or where it has requirements that of a venv with them. The venv is
 * made again only when the requirements or the Python change, as both are part of its name.
 */
export async function preparePython(wish: PythonWish): Promise<string> {
  const found = await findPython(wish)
  if (wish.requirements === null) return found.executable
  const venvs = join(wish.root, '.duro', 'venvs')
  const prefix = folderName(wish.name)
  const folder = join(venvs, `${prefix}-${digest(found.executable, found.version, wish.requirements.text)}`)
  await mkdir(venvs, { recursive: true })
  await usingLockFile(`${join(venvs, prefix)}.lock`, wish.signal, async () => {
    if (await isComplete(folder)) return
    await makeVenv(found.executable, folder, wish, wish.requirements)
    await removeOthers(venvs, prefix, folder)
  })
  return interpreterIn(folder)
}

interface FoundPython {
  executable: string
  version: string
}

/** A shim may be another Python tomorrow, so it is asked what it is. */
async function findPython({ run }: PythonWish): Promise<FoundPython> {
  const question = 'import sys; print(sys.executable); print(sys.version.replace("\\n", " "))'
  const answer = await run(['python3', '-c', question], 'python3')
  const [version = '', executable = 'python3'] = answer.split('\n').toReversed()
  return { executable, version }
}

async function makeVenv(
  python: string,
  folder: string,
  { root, name, run, notice }: PythonWish,
  requirements: TextFile | null,
): Promise<void> {
  notice(`makes the Python environment of ${name}`)
  // What an earlier attempt has left.
  await rm(folder, { recursive: true, force: true })
  await run([python, '-m', 'venv', folder], 'python3 -m venv')
  const list = join(root, ...(requirements?.path ?? '').split('/'))
  const pip = [interpreterIn(folder), '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input']
  await run([...pip, '--requirement', list], 'pip install')
  await writeFile(join(folder, stamp), '')
}

/** Written last: a venv without it was never finished. */
const stamp = '.duro-complete'

/** Its Python may be a link to one that has been removed. */
async function isComplete(folder: string): Promise<boolean> {
  try {
    await Promise.all([stat(join(folder, stamp)), stat(interpreterIn(folder))])
    return true
  } catch {
    return false
  }
}

async function removeOthers(venvs: string, prefix: string, kept: string): Promise<void> {
  for (const entry of await readdir(venvs)) {
    const path = join(venvs, entry)
    const isOurs = entry.startsWith(`${prefix}-`) && /^[\da-f]{16}$/.test(entry.slice(prefix.length + 1))
    if (isOurs && path !== kept) await rm(path, { recursive: true, force: true })
  }
}

function interpreterIn(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')
}

/** A view's name may hold what no folder's name can. */
function folderName(name: ViewName): string {
  const safe = name.replaceAll(/[^\w.-]/g, '_')
  return safe === name ? name : `${safe}~${digest(name).slice(0, 8)}`
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
