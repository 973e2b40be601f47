import type { ObstacleProblem, Trial } from '../../engine/engine.ts'
import { DuroError, ProblemsError } from '../../errors.ts'
import { findHiddenViews } from '../../pipeline/find-hidden-views.ts'
import { findLimits } from '../../pipeline/find-limits.ts'
import { tryOut, type TrialRun } from '../../pipeline/try-out.ts'
import { expectCopies } from '../../pipeline/expect-copies.ts'
import { describeRun, type DescribedRun } from '../../pipeline/describe-run.ts'
import { obstacleOptions } from '../../pipeline/run.ts'
import { newRunId } from '../../pipeline/run-id.ts'
import { exitCodes } from '../exit-codes.ts'
import { usingDatabase, type Shell } from '../command.ts'
import { planRun } from '../plan-run.ts'
import { formatDiffs } from '../report/format-diffs.ts'
import { formatLimits } from '../report/format-limits.ts'
import { formatTrials } from '../report/format-trials.ts'
import { formatPlan, type PlanContext } from '../report/format-plan.ts'
import { formatStatements } from '../report/format-statements.ts'
import { jsonVersion } from '../report/json-reporter.ts'
import { planJson } from '../report/plan-json.ts'
import { plannedCopies } from '../report/planned-copy.ts'

export interface PlanOptions {
  force?: boolean
  full?: boolean
  exclude?: string[]
  check?: boolean
  sql?: boolean
}

export async function planCommand(shell: Shell, selectors: string[], options: PlanOptions): Promise<number> {
  return usingDatabase(shell, async (open) => {
    const now = shell.clock()
    const planned = await planRun(shell, open, {
      selectors,
      exclude: options.exclude ?? [],
      force: options.force ?? false,
      full: options.full ?? false,
      now,
    })
    const run = { ...open, ...planned, id: newRunId(now), clock: shell.clock, signal: shell.signal }
    const copies = plannedCopies(await expectCopies(run))
    if (options.sql) await printSql(shell, run)
    else {
      const trials = await printPlan(shell, run, { now, copies })
      if (trials.some(({ errors }) => errors.length > 0)) return exitCodes.usage
      const { emit } = shell.reporter
      const found: ObstacleProblem[] = [
        ...(await findHiddenViews(run)),
        ...(await open.engine.findObstacles(obstacleOptions({ ...run, emit }, false))),
      ]
      warnOfMissingRights(shell, found)
      const obstacles = found.filter(({ isMissingRight }) => !isMissingRight)
      if (obstacles.length > 0) throw new ProblemsError('preflight', obstacles)
      if (trials.some(({ broken }) => broken.length > 0)) return exitCodes.failed
    }
    const hasWork = planned.plan.views.length > 0 || copies.length > 0
    return options.check && hasWork ? exitCodes.work : exitCodes.done
  })
}

/**
 * The plan, and below it what the definitions, the columns and the catalog have to say.
 * @returns what the server says of the selects
 */
async function printPlan(
  shell: Shell,
  run: TrialRun,
  { now, copies }: Pick<PlanContext, 'now' | 'copies'>,
): Promise<readonly Trial[]> {
  const { colors } = shell.output
  const { concurrency } = run.project.settings
  const trials = await tryQuietly(shell, run)
  const limits = await findLimits(run)
  if (shell.options.json) {
    shell.output.json(planJson(run.plan, { now, concurrency, copies, trials, hidden: limits.hidden }))
    return trials
  }
  for (const error of trials.flatMap(({ errors }) => errors)) shell.reporter.error(error)
  const parts = [
    formatPlan(run.plan, { now, concurrency, copies }, colors),
    formatDiffs(run.plan, colors),
    formatTrials(trials, colors),
    formatLimits(limits, colors),
  ]
  shell.output.stdout(parts.filter((part) => part !== '').join('\n\n'))
  return trials
}

/** A role that may not create anything can still plan. What is wrong with the SQL is told as a refresh would. */
async function tryQuietly(shell: Shell, run: TrialRun): Promise<Trial[]> {
  try {
    return await tryOut(run)
  } catch (error) {
    if (!(error instanceof DuroError) || error.code === 'connection') throw error
    shell.reporter.emit({ type: 'notice', message: `the columns were not compared: ${error.message}` })
    return []
  }
}

/** Of a role that only looks on, more than these would be one for each view. */
const mostTold = 10

/** Who plans need not be who refreshes: a role that looks on may lack them all. */
function warnOfMissingRights({ reporter }: Shell, found: readonly ObstacleProblem[]): void {
  const missing = found.filter(({ isMissingRight }) => isMissingRight)
  if (missing.length === 0) return
  const warn = (message: string): void => reporter.emit({ type: 'warning', message })
  warn('the role that duro connects as may not do all that this refresh needs')
  for (const { message, hint = '' } of missing.slice(0, mostTold)) warn(`${message}. ${hint}`)
  if (missing.length > mostTold) warn(`and ${missing.length - mostTold} more, which a refresh would name`)
}

async function printSql(shell: Shell, run: DescribedRun): Promise<void> {
  const statements = await describeRun(run)
  if (shell.options.json) shell.output.json({ version: jsonVersion, type: 'plan-sql', statements })
  else shell.output.stdout(formatStatements(statements))
}
