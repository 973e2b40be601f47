import { basename, join, posix } from 'node:path'
import type { CsvRows, FeedWork, UsingRows } from '../engine/builder.ts'
import { DuroError, isInterruption } from '../errors.ts'
import type { Emit } from '../events.ts'
import type { Lookup } from '../project/expand-variables.ts'
import { filesOf, type Feed } from '../project/feed.ts'
import type { Project } from '../project/project.ts'
import type { View } from '../project/view.ts'
import { notePid, usingPrivateFolder } from './private-folder.ts'
import { preparePython } from './python/prepare-python.ts'
import { readCsvHeader } from './read-csv-header.ts'
import { runProgram } from './run-program.ts'
import { scriptEnvironment } from './script-environment.ts'

/** What feeds need of a run. */
export interface Surroundings {
  project: Project
  env: NodeJS.ProcessEnv
  variables: Lookup
  emit: Emit
}

/** Makes the rows of views that have a feed, each in a private folder. */
export function createUsingRows(surroundings: Surroundings): UsingRows {
  return (view, work, callback) => {
    const { feed } = view
    if (feed === null) throw new DuroError('internal', `${view.name} has no feed`)
    refuseUnset(view, surroundings)
    return usingPrivateFolder(surroundings.project.root, async (folder) => {
      const task = { view, folder, work, surroundings, failed: `${view.name} could not be built` }
      const made = await makeRows(task, feed)
      try {
        return await callback(made.rows)
      } catch (error) {
        // The server refuses what was written: what the program said of it helps.
        if (made.printed !== '' && !work.signal.aborted && !isInterruption(error)) {
          const message = `${made.called} printed before:\n${made.printed}`
          surroundings.emit({ type: 'warning', view: view.name, message })
        }
        throw error
      }
    })
  }
}

interface Task {
  view: View
  folder: string
  work: FeedWork
  surroundings: Surroundings
  failed: string
}

interface Made {
  rows: CsvRows
  /** Who made them, and what that printed last. */
  called: string
  printed: string
}

async function makeRows(task: Task, feed: Feed): Promise<Made> {
  const input = join(task.folder, 'in.csv')
  const output = join(task.folder, 'out.csv')
  if (feed.kind === 'import') {
    let printed = ''
    const called = feed.import.kind === 'command' ? (feed.import.words[0] ?? '') : `the import`
    await feed.import.write({
      failed: task.failed,
      output,
      variables: task.surroundings.variables,
      run: async (command) => {
        printed = await run(task, command, called)
      },
      notice: (message) =>
        task.surroundings.emit({ type: 'notice', message: `${task.view.name}: ${message}` }),
      signal: task.work.signal,
    })
    return { rows: await rowsIn(task, output, called), called, printed }
  }
  // First what may fail without a look at the data.
  const { command, called } = await commandOf(task, feed.processor)
  await task.work.writeInput(input)
  const printed = await run(task, [...command, input, output], called)
  return { rows: await rowsIn(task, output, called), called, printed }
}

type Processor = Extract<Feed, { kind: 'processor' }>['processor']

async function commandOf(task: Task, processor: Processor): Promise<{ command: string[]; called: string }> {
  if (processor.kind === 'command') {
    return { command: [...processor.command], called: processor.command.slice(0, 2).join(' ') }
  }
  const { project } = task.surroundings
  const python = await preparePython({
    root: project.root,
    name: task.view.name,
    requirements: processor.requirements,
    failed: task.failed,
    run: (command, called, folder) => run(task, command, called, folder),
    notice: (message) => task.surroundings.emit({ type: 'notice', message }),
    signal: task.work.signal,
  })
  return { command: [python, processor.script.path], called: basename(processor.script.path) }
}

/** Runs a program in the private folder, or in another one. @returns what it printed last */
async function run(
  { view, folder, work, surroundings, failed }: Task,
  command: readonly string[],
  called: string,
  elsewhere?: string,
): Promise<string> {
  return runProgram({
    command: withFullPaths(command, view, surroundings.project.root),
    called,
    failed,
    missing:
      command[0] === 'python3'
        ? 'Install Python 3, so that `python3` is found in PATH.'
        : 'Install it, or check its name and PATH.',
    folder: elsewhere ?? folder,
    env: {
      ...scriptEnvironment(view, surroundings),
      TMPDIR: folder,
      // Files are UTF-8 wherever it runs, and nothing is written beside the views.
      PYTHONUTF8: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
    onStart: (pid) => void notePid(folder, pid).catch(() => undefined),
    signal: work.signal,
  })
}

/** Programs run in a folder of their own, so what the user named beside the view is given with its full path. */
function withFullPaths(command: readonly string[], { file, feed }: View, root: string): string[] {
  const own = new Set((feed === null ? [] : filesOf(feed)).map(({ path }) => path))
  const beside = (word: string): string => posix.join(posix.dirname(file.path), word)
  return command.map((word) => {
    const path = own.has(word) ? word : beside(word)
    return own.has(path) ? join(root, ...path.split('/')) : word
  })
}

async function rowsIn({ failed }: Task, path: string, called: string): Promise<CsvRows> {
  return { path, columns: await readCsvHeader(path, called, failed) }
}

function refuseUnset(view: View, { variables }: Surroundings): void {
  const unset = view.settings.env.filter((name) => variables(name) === undefined)
  if (unset.length === 0) return
  throw new DuroError('build', `${view.name} could not be built: ${unset.join(', ')} is not set`, {
    hint: 'Set it in the environment or in .env, or take it out of `env` in the settings of the view.',
  })
}
