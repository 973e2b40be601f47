import type { RunEvent, RunOutcome, Stage } from '../../events.ts'
import { formatCount, formatNumber } from './format-count.ts'
import { formatDuration } from './format-duration.ts'

/** What was done with a view when a stage is through with it. */
const done: Readonly<Record<Stage, string>> = {
  'record totals': 'totals recorded',
  build: 'built',
  test: 'tested',
  swap: 'published',
  validate: 'validated',
  drop: 'old version dropped',
  history: 'copied into its history',
}

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>

/** `first.cities built in 1.2 s, 120 rows`. */
export function describeViewFinished({ view, stage, duration, rows }: EventOf<'view-finished'>): string {
  const counted = rows === null ? '' : `, ${formatCount(rows, 'row')}`
  return `${view} ${done[stage]} in ${formatDuration(duration)}${counted}`
}

export function describeRunStarted({ runId, views, concurrency }: EventOf<'run-started'>): string {
  return `run ${runId}: ${formatCount(views.length, 'view')}, ${formatNumber(String(concurrency))} at once`
}

export function describeSwapAttempt(event: EventOf<'swap-attempt'>): string {
  const { attempt, outcome, blockers, lockedFor } = event
  if (outcome === 'blocked') {
    const by = blockers.length === 0 ? 'other sessions' : blockers.join(', ')
    return `swap waits for ${by} (attempt ${attempt})`
  }
  const locked = lockedFor === null ? '' : `, readers waited at most ${formatDuration(lockedFor)}`
  const attempts = attempt === 1 ? '' : ` at attempt ${attempt}`
  return `swapped in one transaction${attempts}${locked}`
}

export function describeRunFinished({ outcome, duration, published }: EventOf<'run-finished'>): string {
  const views = formatCount(published.length, 'view')
  const time = formatDuration(duration)
  const left = published.length === 0 ? 'nothing was published' : `${views} published`
  const texts: Readonly<Record<RunOutcome, string>> = {
    published: `published ${views} in ${time}`,
    built: `built and tested in ${time}, not published: \`duro swap\` does that`,
    'nothing-to-do': 'nothing to do, all views are fresh',
    failed: `failed after ${time}, ${left}`,
    interrupted: `interrupted after ${time}, ${left}`,
  }
  return texts[outcome]
}
