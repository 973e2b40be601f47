import { expect, it } from 'vitest'
import { diffDefinitions } from '../../../src/plan/definition-diff.ts'

const text = (lines: readonly { text: string }[]) => lines.map((line) => line.text).join('\n')

it('shows the changed lines with three around them', () => {
  const before = 'select a,\n  b,\n  c\nfrom x\nwhere a\norder by b'
  const after = 'select a,\n  b,\n  c\nfrom y\nwhere a\norder by b'
  expect(text(diffDefinitions(before, after))).toBe(
    `
@@ -1,6 +1,6 @@
 select a,
   b,
   c
-from x
+from y
 where a
 order by b`.slice(1),
  )
})

it('says what each line is', () => {
  expect(diffDefinitions('a', '-- b').map(({ kind }) => kind)).toEqual(['place', 'removed', 'added'])
})

it('is empty for equal texts, and takes empty ones', () => {
  expect(diffDefinitions('a', 'a')).toEqual([])
  expect(text(diffDefinitions('', 'a'))).toBe('@@ -0,0 +1,1 @@\n+a')
})
