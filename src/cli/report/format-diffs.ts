import { diffDefinitions } from '../../plan/definition-diff.ts'
import { whatChanged } from '../../plan/reason-text.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Colors } from '../colors.ts'

/** How the definitions differ from those that are published, as unified diffs; empty when none does. */
export function formatDiffs(plan: Plan, colors: Colors): string {
  return plan.views
    .flatMap(({ name, reasons }) =>
      reasons.flatMap((reason) => {
        if (reason.kind !== 'changed') return []
        const lines = diffDefinitions(reason.before, reason.after).map(({ kind, text }) => {
          const paint = { added: colors.green, removed: colors.red, place: colors.cyan, same: String }[kind]
          return paint(text)
        })
        return [[colors.bold(`${name}: ${whatChanged(reason)}`), ...lines].join('\n')]
      }),
    )
    .join('\n')
}
