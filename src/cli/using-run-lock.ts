import { DuroError } from '../errors.ts'
import type { RunEvent } from '../events.ts'
import type { Project } from '../project/project.ts'
import { openProject, type OpenDatabase, type Shell } from './command.ts'

export interface RunLock {
  /** What who waits for it is told. */
  label: string
  /** How long to wait for it, in milliseconds; default: not at all. */
  wait?: number | undefined
}

/**
 * Holds the run lock meanwhile. A command that had to wait for it is given the folder as it is now: the other run may
 * have published what a deployment brought since, and would be undone with what was read before.
 */
export async function usingRunLock<T>(
  shell: Shell,
  open: OpenDatabase,
  { label, wait = 0 }: RunLock,
  callback: (open: OpenDatabase) => Promise<T>,
): Promise<T> {
  let waited = false
  const emit = (event: RunEvent): void => {
    waited ||= event.type === 'waiting-for-lock'
    shell.reporter.emit(event)
  }
  return open.engine.usingRunLock({ wait, label, emit, signal: shell.signal }, async () =>
    callback(waited ? await readAgain(shell, open) : open),
  )
}

async function readAgain(shell: Shell, before: OpenDatabase): Promise<OpenDatabase> {
  // Nobody may have said which engine it is: the server has.
  const now = await openProject(shell, before.engine.name)
  if (connectionOf(now.project) === connectionOf(before.project)) return { ...before, ...now }
  throw new DuroError(
    'usage',
    'duro.yaml names another database or schema than when this run began to wait',
    { hint: 'Start it again.' },
  )
}

/** What the open connection depends on. */
function connectionOf({ settings: { database, defaultSchema, stateSchema } }: Project): string {
  return JSON.stringify([database?.text, defaultSchema, stateSchema])
}
