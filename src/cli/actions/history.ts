import { DuroError } from '../../errors.ts'
import { stateIsReadable } from '../../state/migrate.ts'
import { countViewRuns, findRun, listRuns } from '../../state/runs.ts'
import type { RunsTable, ViewRunsTable } from '../../state/schema.ts'
import { readHistoryTables } from '../../state/history-tables.ts'
import { didYouMean } from '../../graph/nearest.ts'
import { printHistoryOfView } from './history-of-view.ts'
import { listViewRuns } from '../../state/view-runs.ts'
import { usingDatabase, type OpenDatabase, type Shell } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import {
  formatRuns,
  formatRunViews,
  formatSwap,
  type RunRow,
  type RunViewRow,
  type SwapRow,
} from '../report/format-history.ts'

export interface HistoryOptions {
  limit: number
}

export async function historyCommand(
  shell: Shell,
  id: string | undefined,
  options: HistoryOptions,
): Promise<number> {
  return usingDatabase(shell, async (open) => {
    if (id === undefined) await printRuns(shell, open, options.limit)
    else if (await isView(open, id)) await printHistoryOfView(shell, open, id, options.limit)
    else await printRun(shell, open, id)
    return exitCodes.done
  })
}

/** The id of a run has no dot. A view that has left the folder may have left its history. */
async function isView({ project, state }: OpenDatabase, id: string): Promise<boolean> {
  if (!id.includes('.')) return false
  if (project.views.has(id)) return true
  if ((await stateIsReadable(state)) && (await readHistoryTables(state)).has(id)) return true
  throw new DuroError('usage', `there is no view ${id}`, {
    hint: didYouMean(id, project.views.keys()) ?? '`duro graph` shows the views.',
  })
}

async function printRuns(shell: Shell, { state }: OpenDatabase, limit: number): Promise<void> {
  const runs = (await stateIsReadable(state)) ? await listRuns(state, limit) : []
  const counts = await countViewRuns(
    state,
    runs.map((run) => run.id),
  )
  const rows = runs.map((run) => runRow(run, counts.get(run.id) ?? {}))
  if (shell.options.json) shell.output.json({ version: 1, type: 'history', runs: rows })
  else shell.output.stdout(formatRuns(rows, shell.output.colors))
}

async function printRun(shell: Shell, { state }: OpenDatabase, id: string): Promise<void> {
  const run = !(await stateIsReadable(state))
    ? undefined
    : id === 'last'
      ? (await listRuns(state, 1))[0]
      : await findRun(state, id)
  if (run === undefined) {
    throw new DuroError('usage', id === 'last' ? 'there is no run yet' : `there is no run ${id}`, {
      hint: '`duro history` lists the latest runs.',
    })
  }
  const views = (await listViewRuns(state, run.id)).map((view) => viewRow(view, run))
  if (shell.options.json) {
    const counts = (await countViewRuns(state, [run.id])).get(run.id) ?? {}
    const swap = swapOf(run)
    shell.output.json({ version: 1, type: 'run', ...runRow(run, counts), error: run.error, swap, views })
    return
  }
  const { colors } = shell.output
  shell.output.stdout(
    `${run.command}, ${run.outcome ?? 'running'}${run.error === null ? '' : `: ${run.error}`}`,
  )
  const swap = swapOf(run)
  if (swap !== null) shell.output.stdout(formatSwap(swap))
  shell.output.stdout(formatRunViews(views, colors))
}

function swapOf(run: RunsTable): SwapRow | null {
  if (run.swap_attempts === null) return null
  const waitedFor = run.swap_waited_for?.split('\n') ?? []
  return { attempts: run.swap_attempts, lockedFor: run.swap_locked_for, waitedFor }
}

function runRow(run: RunsTable, counts: Partial<Record<string, number>>): RunRow {
  const published = counts['published'] ?? 0
  return {
    id: run.id,
    began: run.began_at,
    duration: run.finished_at === null ? null : run.finished_at.getTime() - run.began_at.getTime(),
    outcome: outcomeOf(run),
    built: published + (counts['built'] ?? 0) + (counts['ready'] ?? 0),
    published,
    failed: counts['failed'] ?? 0,
    who: `${run.user_name}@${run.host}`,
    commit: run.git_commit,
    dirty: run.git_dirty,
  }
}

function outcomeOf(run: RunsTable): RunRow['outcome'] {
  switch (run.outcome) {
    case 'published':
    case 'built':
    case 'nothing-to-do':
    case 'failed':
    case 'interrupted':
      return run.outcome
    case null:
      return 'running'
    default:
      return 'lost'
  }
}

function viewRow(view: ViewRunsTable, run: RunsTable): RunViewRow {
  const stages: Record<string, number | null> = {
    'record totals': view.totals_duration,
    build: view.build_duration,
    test: view.test_duration,
  }
  return {
    view: view.view,
    outcome: viewOutcomeOf(view, run),
    rows: view.row_count === null ? null : String(view.row_count),
    stages: Object.fromEntries(Object.entries(stages).filter(([, duration]) => duration !== null)),
    error: view.error,
  }
}

function viewOutcomeOf({ outcome }: ViewRunsTable, run: RunsTable): RunViewRow['outcome'] {
  if (outcome === 'ready') return 'built'
  if (outcome === 'published' || outcome === 'built' || outcome === 'failed' || outcome === 'skipped')
    return outcome
  return run.finished_at === null ? 'running' : 'not-built'
}
