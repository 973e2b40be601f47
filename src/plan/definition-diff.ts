// Not from 'diff' itself: that loads every kind of comparison, and takes twice as long.
import { structuredPatch } from 'diff/lib/patch/create.js'

export interface DiffLine {
  /** `place` is the line `@@ -3,7 +3,8 @@` above a group of changes. */
  kind: 'place' | 'same' | 'removed' | 'added'
  /** As in a unified diff, with the sign in front. */
  text: string
}

/** How two texts differ, as the lines of a unified diff without its file names; empty when they are equal. */
export function diffDefinitions(before: string, after: string): DiffLine[] {
  const patch = structuredPatch('before', 'after', withLineBreak(before), withLineBreak(after), '', '', {
    context: 3,
  })
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    { kind: 'place', text: `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@` },
    ...lines.map((text): DiffLine => ({ kind: kindOf(text), text })),
  ])
}

/** A range without lines is named by the line before it. */
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`
}

function kindOf(line: string): DiffLine['kind'] {
  if (line.startsWith('-')) return 'removed'
  return line.startsWith('+') ? 'added' : 'same'
}

/** Else the diff would speak of a missing line break at the end, which nobody wrote. */
function withLineBreak(text: string): string {
  return text === '' ? '' : `${text}\n`
}
