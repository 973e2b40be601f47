import { describeRun, type DescribedRun } from '../../pipeline/describe-run.ts'
import { newRunId } from '../../pipeline/run-id.ts'
import { exitCodes } from '../exit-codes.ts'
import { usingDatabase, type Shell } from '../command.ts'
import { planRun } from '../plan-run.ts'
import { formatPlan } from '../report/format-plan.ts'
import { formatStatements } from '../report/format-statements.ts'
import { jsonVersion } from '../report/json-reporter.ts'
import { planJson } from '../report/plan-json.ts'

export interface PlanOptions {
  force?: boolean
  exclude?: string[]
  check?: boolean
  sql?: boolean
}

export async function planCommand(shell: Shell, selectors: string[], options: PlanOptions): Promise<number> {
  return usingDatabase(shell, async (open) => {
    const now = new Date()
    const planned = await planRun(shell, open, {
      selectors,
      exclude: options.exclude ?? [],
      force: options.force ?? false,
      now,
    })
    const { plan } = planned
    if (options.sql) await printSql(shell, { ...open, ...planned, id: newRunId(now) })
    else if (shell.options.json) shell.output.json(planJson(plan))
    else shell.output.stdout(formatPlan(plan, { now }, shell.output.colors))
    return options.check && plan.views.length > 0 ? exitCodes.work : exitCodes.done
  })
}

async function printSql(shell: Shell, run: DescribedRun): Promise<void> {
  const statements = await describeRun(run)
  if (shell.options.json) shell.output.json({ version: jsonVersion, type: 'plan-sql', statements })
  else shell.output.stdout(formatStatements(statements))
}
