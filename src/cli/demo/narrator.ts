import type { Portal } from '../../demo/using-portal.ts'
import { DuroError } from '../../errors.ts'
import type { Action } from '../add-command.ts'
import type { Shell } from '../command.ts'
import { chooseReporter } from '../report/choose-reporter.ts'
import { createReporter } from '../report/create-reporter.ts'
import { formatTable, indent } from '../report/format-table.ts'
import { createReportContext } from '../report/reporter.ts'
import { untilReported } from '../run-action.ts'

/** Tells a session: what is done, and what commands print. */
export interface Narrator {
  chapter(title: string): void
  say(this: void, text: string): void
  table(rows: readonly (readonly string[])[]): void
  /**
   * A command, as it would be typed in the project's folder, with what it prints.
   * @throws when its exit code is not the expected one
   */
  duro(portal: Portal, typed: string, expected: number, action: Action): Promise<void>
}

/** As wide as a chapter's number. */
const margin = '   '

export function createNarrator(shell: Shell): Narrator {
  const { output, signal } = shell
  const { bold, cyan } = output.colors
  let chapters = 0
  /** Sets what a command printed apart from what is said next. */
  let gap = ''
  const print = (lines: readonly string[]): void => {
    output.stdout(gap + indent(lines, margin).join('\n'))
    gap = ''
  }

  return {
    chapter(title) {
      gap = ''
      output.stdout(`\n${bold(`${++chapters}. ${title}`)}`)
    },
    say: (text) => print([text]),
    table: (rows) => print(formatTable(rows)),
    async duro(portal, typed, expected, action) {
      output.stdout(`\n${cyan(`$ duro ${typed}`)}`)
      const exitCode = await runIn(portal, shell, action)
      signal.throwIfAborted()
      gap = '\n'
      if (exitCode === expected) return
      throw new DuroError(
        'internal',
        `the demo did not go as told: duro ${typed} exits with ${exitCode}, not ${expected}`,
      )
    },
  }
}

function runIn({ root, url, events }: Portal, shell: Shell, action: Action): Promise<number> {
  const env = { ...shell.env, ...events.env, DATABASE_URL: url }
  const options = { project: root }
  // On GitHub too: what fails here is meant to, and must not be annotated.
  const kind = chooseReporter({}, shell.output.isTerminal, { ...env, GITHUB_ACTIONS: undefined })
  const reporter = createReporter(kind, shell.output, createReportContext(env, root))
  return untilReported(reporter, () => action({ ...shell, options, reporter, env, cwd: root }))
}
