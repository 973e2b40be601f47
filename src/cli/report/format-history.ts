import type { RunOutcome, Stage } from '../../events.ts'
import type { ViewName } from '../../project/view.ts'
import type { Colors } from '../colors.ts'
import { formatNumber } from './format-count.ts'
import { formatDuration } from './format-duration.ts'
import { formatTable } from './format-table.ts'
import { formatTime } from './format-time.ts'
import { printable } from './text-width.ts'

/** One run as `duro history` lists it. */
export interface RunRow {
  id: string
  began: Date
  /** In milliseconds; null while it runs, and when it was killed. */
  duration: number | null
  outcome: RunOutcome | 'running' | 'lost'
  built: number
  published: number
  failed: number
  /** Such as `etl@host`. */
  who: string
  /** Of the folder of views, where it is in a Git repository. */
  commit: string | null
  /** Whether the folder differed from that commit; null where there is none. */
  dirty: boolean | null
}

/** One view of a run as `duro history <run>` lists it. */
export interface RunViewRow {
  view: ViewName
  /** `not-built`: the run ended before it was. */
  outcome: 'published' | 'built' | 'failed' | 'skipped' | 'not-built' | 'running'
  rows: string | null
  /** In milliseconds, for the stages that it went through. */
  stages: Partial<Readonly<Record<Stage, number>>>
  error: string | null
}

/** How a run was published, or tried to be. */
export interface SwapRow {
  attempts: number
  /** Milliseconds; null: it was not published. */
  lockedFor: number | null
  /** The sessions that were in the way, each in words. */
  waitedFor: readonly string[]
}

/** `swapped in 2 attempts, readers waited at most 12 ms`, and below it who was waited for. */
export function formatSwap({ attempts, lockedFor, waitedFor }: SwapRow): string {
  const tries = attempts === 1 ? 'in one attempt' : `in ${attempts} attempts`
  const result =
    lockedFor === null
      ? `not swapped ${tries}`
      : `swapped ${tries}, readers waited at most ${formatDuration(lockedFor)}`
  return [result, ...waitedFor.map((who) => `  waited for ${printable(who)}`)].join('\n')
}

/** Runs, in the given order. */
export function formatRuns(runs: readonly RunRow[], colors: Colors): string {
  if (runs.length === 0) return 'No runs yet.'
  const withCommits = runs.some((run) => run.commit !== null)
  const header = ['run', 'began', 'duration', 'outcome', 'built', 'published', 'failed', 'who']
  if (withCommits) header.push('commit')
  const rows = runs.map((run) => [
    run.id,
    formatTime(run.began),
    run.duration === null ? '-' : formatDuration(run.duration),
    paintOutcome(run.outcome, colors),
    String(run.built),
    String(run.published),
    run.failed === 0 ? '0' : colors.red(String(run.failed)),
    printable(run.who),
    ...(withCommits ? [describeCommit(run)] : []),
  ])
  const align = ['right', 'left', 'right', 'left', 'right', 'right', 'right', 'left'] as const
  return formatTable([header.map((title) => colors.bold(title)), ...rows], align).join('\n')
}

/** `4f2a91c0`, and `4f2a91c0+` for a folder that differed from it, as Mercurial and others mark it. */
function describeCommit({ commit, dirty }: Pick<RunRow, 'commit' | 'dirty'>): string {
  if (commit === null) return '-'
  return `${commit.slice(0, 8)}${dirty === true ? '+' : ''}`
}

const stages: readonly Stage[] = ['record totals', 'build', 'test', 'swap', 'validate', 'drop', 'history']

/** The views of one run with the time of each stage; stages that no view went through are left out. */
export function formatRunViews(views: readonly RunViewRow[], colors: Colors): string {
  if (views.length === 0) return 'No views in this run.'
  const shown = stages.filter((stage) => views.some((view) => view.stages[stage] !== undefined))
  const header = ['view', 'outcome', 'rows', ...shown, ''].map((title) => colors.bold(title))
  const rows = views.map((view) => [
    view.view,
    paintOutcome(view.outcome, colors),
    view.rows === null ? '-' : formatNumber(view.rows),
    ...shown.map((stage) => stageTime(view.stages[stage])),
    view.error === null ? '' : colors.red(printable(view.error.split('\n')[0] ?? '')),
  ])
  const align = ['left', 'left', 'right', ...shown.map(() => 'right' as const), 'left'] as const
  return formatTable([header, ...rows], align).join('\n')
}

function stageTime(duration: number | undefined): string {
  return duration === undefined ? '-' : formatDuration(duration)
}

function paintOutcome(outcome: RunRow['outcome'] | RunViewRow['outcome'], colors: Colors): string {
  const text = outcome.replaceAll('-', ' ')
  if (outcome === 'failed') return colors.red(text)
  if (outcome === 'interrupted' || outcome === 'lost' || outcome === 'skipped') return colors.yellow(text)
  return outcome === 'published' ? colors.green(text) : text
}
