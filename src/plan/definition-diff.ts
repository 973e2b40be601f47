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
    { kind: 'place', text: `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@` },
    ...lines.map((text): DiffLine => ({ kind: kindOf(text), text })),
  ])
}

function kindOf(line: string): DiffLine['kind'] {
  if (line.startsWith('-')) return 'removed'
  return line.startsWith('+') ? 'added' : 'same'
}

/** Else the diff would speak of a missing line break at the end, which nobody wrote. */
function withLineBreak(text: string): string {
  return text === '' ? '' : `${text}\n`
}
