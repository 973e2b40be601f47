import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { DuroError } from '../../errors.ts'
import { firstProject } from '../../project/first-project.ts'
import type { Shell } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatTable, indent } from '../report/format-table.ts'

const embeddedData = '.duro/'

export async function initCommand(shell: Shell, folder = '.'): Promise<number> {
  const root = resolve(shell.cwd, shell.options.project ?? '.', folder)
  refuseExisting(root)
  for (const [path, text] of Object.entries(firstProject)) await write(join(root, path), text)
  const ignored = await ignoreEmbeddedData(join(root, '.gitignore'))
  const files = [...Object.keys(firstProject), ...(ignored === 'written' ? ['.gitignore'] : [])]

  if (ignored === 'missing') {
    const message = `add ${embeddedData} to .gitignore, which was there already: the embedded PostgreSQL keeps its data there`
    shell.reporter.emit({ type: 'notice', message })
  }
  if (shell.options.json) shell.output.json({ version: 1, type: 'init', root, files })
  else shell.output.stdout(describe(files, relative(shell.cwd, root)))
  return exitCodes.done
}

function refuseExisting(root: string): void {
  const existing = Object.keys(firstProject).filter((path) => existsSync(join(root, path)))
  if (existing.length === 0) return
  throw new DuroError('usage', `${existing.join(', ')}: there already, and nothing is overwritten`, {
    hint: 'Choose an empty folder: `duro init <folder>` makes it.',
  })
}

async function write(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text, { flag: 'wx' })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DuroError('usage', `${file} cannot be written: ${reason}`, { cause })
  }
}

/** A folder under version control has a `.gitignore` more often than not; that one stays as it is. */
async function ignoreEmbeddedData(file: string): Promise<'written' | 'there' | 'missing'> {
  if (!existsSync(file)) {
    await write(file, `${embeddedData}\n`)
    return 'written'
  }
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/)
  return lines.some((line) => /^\/?\.duro\/?$/.test(line.trim())) ? 'there' : 'missing'
}

function describe(files: readonly string[], folder: string): string {
  const next = [
    ...(folder === '' ? [] : [[`cd ${folder}`]]),
    ['duro plan', 'what a refresh would build, and why'],
    ['duro refresh', 'builds, tests and publishes it'],
    ['duro graph', 'which view reads which'],
  ]
  return ['Wrote', ...indent(files), '', 'Next', ...indent(formatTable(next))].join('\n')
}
