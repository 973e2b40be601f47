import type { RunEvent, Stage } from '../../events.ts'
import type { ViewName } from '../../project/view.ts'
import { formatDuration } from './format-duration.ts'
import { cutToWidth } from './text-width.ts'

/** Where a run is at this moment. */
export interface Progress {
  stage: Stage | null
  /** When the stage began, in milliseconds since the epoch. */
  since: number
  /** Views in work, in the order in which they began. */
  active: ReadonlySet<ViewName>
  /** Views that the present stage is through with, for better or worse. */
  done: number
  /** Views of the run that were not skipped. */
  total: number
  /** What the run waits for, when it waits. */
  waiting: string | null
}

export const notStarted: Progress = {
  stage: null,
  since: 0,
  active: new Set(),
  done: 0,
  total: 0,
  waiting: null,
}

/** The progress after an event that happened at `now`. */
export function advance(progress: Progress, event: RunEvent, now: number): Progress {
  const { active, done, total } = progress
  switch (event.type) {
    case 'run-started':
      return { ...notStarted, since: now, total: event.views.length }
    case 'waiting-for-lock':
      return { ...progress, since: now, waiting: `another run to end: ${event.holder}` }
    case 'stage-started':
      return { ...progress, stage: event.stage, since: now, active: new Set(), done: 0, waiting: null }
    case 'stage-finished':
      return { ...progress, stage: null, active: new Set(), waiting: null }
    case 'view-started':
      return { ...progress, active: new Set([...active, event.view]) }
    case 'view-finished':
    case 'view-failed': {
      const others = [...active].filter((view) => view !== event.view)
      return { ...progress, active: new Set(others), done: Math.min(done + 1, total) }
    }
    case 'view-skipped':
      return { ...progress, total: Math.max(done, total - 1) }
    case 'swap-attempt':
      return { ...progress, waiting: event.outcome === 'blocked' ? event.blockers.join(', ') : null }
    default:
      return progress
  }
}

/** One line for the spinner, what matters least at its end, where a narrow terminal cuts it; empty between stages. */
export function describeProgress(progress: Progress, now: number, columns: number): string {
  const { stage, since, active, done, total, waiting } = progress
  if (stage === null && waiting === null) return ''
  const counted = stage === 'swap' || stage === null ? [] : [`${done}/${total}`]
  const names = waiting === null ? [...active].join(', ') : `waiting for ${waiting}`
  const parts = [stage ?? '', ...counted, elapsed(now - since), names]
  return cutToWidth(parts.filter((part) => part !== '').join('  '), columns)
}

/** Elapsed time steps in seconds: tenths would flicker. */
function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000)
}
