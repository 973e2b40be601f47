import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { usingDatabase, type Shell } from '../command.ts'
import { planRun } from '../plan-run.ts'
import { formatPlan } from '../report/format-plan.ts'
import { planJson } from '../report/plan-json.ts'

interface PlanOptions {
  force?: boolean
  exclude?: string[]
  check?: boolean
}

export function addPlan(
  program: Command,
  run: (action: (shell: Shell) => Promise<number>) => Promise<void>,
): void {
  program
    .command('plan')
    .summary('show what a refresh would rebuild, and why')
    .description(
      'Shows what a refresh would rebuild, in which order, why, and how long it should take. Changes nothing.',
    )
    .argument('[views...]', 'as for refresh')
    .option('--force', 'as for refresh')
    .option('--exclude <views...>', 'as for refresh')
    .option('--check', 'exit with 10 when there is work')
    .action((views: string[], options: PlanOptions) => run((shell) => planCommand(shell, views, options)))
}

async function planCommand(shell: Shell, selectors: string[], options: PlanOptions): Promise<number> {
  return usingDatabase(shell, async (open) => {
    const now = new Date()
    const { plan } = await planRun(shell, open, {
      selectors,
      exclude: options.exclude ?? [],
      force: options.force ?? false,
      now,
    })
    if (shell.options.json) shell.output.json(planJson(plan))
    else shell.output.stdout(formatPlan(plan, { now }, shell.output.colors))
    return options.check && plan.views.length > 0 ? exitCodes.work : exitCodes.done
  })
}
