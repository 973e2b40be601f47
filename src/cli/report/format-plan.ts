import type { Plan, PlannedView } from '../../plan/plan.ts'
import { describeReason } from '../../plan/reason-text.ts'
import type { ViewName } from '../../project/view.ts'
import type { Colors } from '../colors.ts'
import { formatCount } from './format-count.ts'
import { formatDuration } from './format-duration.ts'
import { formatTable, indent } from './format-table.ts'
import { formatMoment } from './format-time.ts'
import type { PlannedCopy } from './planned-copy.ts'

export interface PlanContext {
  now: Date
  /** How many views are built at once. */
  concurrency: number
  copies: readonly PlannedCopy[]
}

/** What a run would do, in words: views in order with their reasons, dated copies, what is fresh and what is gone. */
export function formatPlan(plan: Plan, context: PlanContext, colors: Colors): string {
  const parts = [
    plannedLines(plan, context, colors),
    copyLines(context.copies, colors),
    freshLines(plan, context, colors),
    removedLines(plan.removed, colors),
  ]
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function plannedLines(plan: Plan, context: PlanContext, colors: Colors): string[] {
  const { views, fresh, expected } = plan
  if (views.length === 0) return fresh.length === 0 && context.copies.length === 0 ? ['Nothing to do.'] : []
  const time = expected === null ? '' : `, ${expectedTime(expected, context.now)}`
  // Where every view is on it, the mark says nothing.
  const marked = views.some((view) => view.critical) && views.some((view) => !view.critical)
  return [
    colors.bold(`${formatCount(views.length, 'view')} to build${time}`),
    ...indent(
      formatTable(
        views.map((view, index) => plannedRow(view, index, marked, colors)),
        align,
      ),
    ),
    ...(marked ? [colors.dim(`  ${mark} on the longest path${describePath(plan, context)}`)] : []),
  ]
}

/** `about 12 min, ends about 14:05`, where it begins now. */
function expectedTime(expected: number, now: Date): string {
  const end = new Date(now.getTime() + expected)
  return `about ${formatDuration(expected)}, ends about ${formatMoment(end, now)}`
}

/** What the longest path decides: the length of the run, or, where views have to wait for their turn, their order. */
function describePath({ views, expected }: Plan, { concurrency }: PlanContext): string {
  const path = views.filter((view) => view.critical).reduce((sum, view) => sum + (view.expected ?? 0), 0)
  const order = views.length > concurrency ? `; ${concurrency} at once, starts longest path first` : ''
  // Within a tenth: other views that the run has to wait for add little.
  return expected !== null && path > 0.9 * expected ? `, which sets how long the run takes${order}` : order
}

const align = ['right', 'left', 'right', 'left'] as const
const mark = '*'

function plannedRow(view: PlannedView, index: number, marked: boolean, colors: Colors): string[] {
  return [
    colors.dim(String(index + 1)),
    `${marked ? (view.critical ? `${mark} ` : '  ') : ''}${view.name}`,
    colors.dim(view.expected === null ? '-' : formatDuration(view.expected)),
    view.reasons.map(describeReason).join('; '),
  ]
}

function copyLines(copies: readonly PlannedCopy[], colors: Colors): string[] {
  if (copies.length === 0) return []
  const rows = copies.map(({ view, table, leftBy }) => [
    view,
    `into ${table}${leftBy === null ? '' : `, of the version that run ${leftBy} has left uncopied`}`,
  ])
  return [
    colors.bold(`${formatCount(copies.length, 'dated copy', 'dated copies')} to write`),
    ...indent(formatTable(rows)),
  ]
}

function freshLines({ views, fresh }: Plan, { now, copies }: PlanContext, colors: Colors): string[] {
  if (fresh.length === 0) return []
  const count = formatCount(fresh.length, 'view')
  const nothing = `Nothing to do: ${count} ${fresh.length === 1 ? 'is' : 'are'} fresh.`
  const rows = fresh.map(({ name, freshUntil }) => [name, untilWhen(freshUntil, now)])
  return [
    views.length === 0 && copies.length === 0 ? nothing : colors.dim(`${count} fresh`),
    ...indent(formatTable(rows)).map((line) => colors.dim(line)),
  ]
}

function untilWhen(freshUntil: Date | null, now: Date): string {
  if (freshUntil === null) return ''
  return `fresh until ${formatMoment(freshUntil, now)}`
}

function removedLines(removed: readonly ViewName[], colors: Colors): string[] {
  if (removed.length === 0) return []
  return [
    colors.yellow(`${formatCount(removed.length, 'view')} no longer in the folder`),
    ...indent(removed),
    colors.dim(`  \`duro cleanup --removed\` drops ${removed.length === 1 ? 'it' : 'them'}`),
  ]
}
