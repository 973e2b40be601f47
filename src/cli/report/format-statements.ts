import type { DescribedStatement } from '../../engine/engine.ts'

/** A run as a script to read: its statements in order, under a line for each stage and view. */
export function formatStatements(statements: readonly DescribedStatement[]): string {
  const lines: string[] = []
  let heading = ''
  for (const { stage, view, sql } of statements) {
    const own = `-- ${stage}${view === null ? '' : `: ${view}`}`
    if (own !== heading) lines.push(...(heading === '' ? [] : ['']), own)
    heading = own
    lines.push(`${sql};`)
  }
  return lines.length === 0 ? '-- nothing to do' : lines.join('\n')
}
