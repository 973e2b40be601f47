import type { Trial } from '../../engine/engine.ts'
import type { ViewName } from '../../project/view.ts'
import type { Colors } from '../colors.ts'
import { indent } from './format-table.ts'

/** What readers will notice of the views whose definition is new; empty when it is nothing. */
export function formatTrials(trials: readonly Trial[], colors: Colors): string {
  const changed = trials.filter(({ changes }) => changes.length > 0)
  const broken = trials.flatMap((trial) => trial.broken)
  const lines: string[] = []
  if (changed.length > 0) {
    lines.push(colors.bold('Columns that change'))
    lines.push(
      ...indent(changed.flatMap(({ view, changes }) => changes.map((change) => line(view.name, change)))),
    )
    lines.push(colors.dim('  sessions that prepared a `select *` from these have to prepare it again'))
  }
  if (broken.length > 0) {
    lines.push(colors.red('A refresh will refuse this, since it would break'))
    lines.push(...indent(broken))
  }
  return lines.join('\n')
}

const line = (view: ViewName, change: string): string => `${view}: ${change}`
