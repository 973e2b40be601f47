import type { DropResult, Leftover } from './engine.ts'

/** What became of a relation that was to be dropped; else it stays. */
export type Dropped = 'dropped' | 'gone' | 'built on' | { because: string }

/**
 * One after the other, what was made last first: it may depend on what was made before. What something was built on is
 * tried again as long as others go: after a way back the newer one may be what the older one depends on.
 */
export async function dropEach(
  leftovers: readonly Leftover[],
  drop: (leftover: Leftover) => Promise<Dropped>,
): Promise<DropResult> {
  const dropped: Leftover[] = []
  const gone: Leftover[] = []
  const kept: { leftover: Leftover; because: string }[] = []
  let open = leftovers.toSorted((one, other) => other.id - one.id)
  for (let before = -1; dropped.length > before;) {
    before = dropped.length
    const builtOn: Leftover[] = []
    for (const leftover of open) {
      const result = await drop(leftover)
      if (result === 'dropped') dropped.push(leftover)
      else if (result === 'gone') gone.push(leftover)
      else if (result === 'built on') builtOn.push(leftover)
      else kept.push({ leftover, ...result })
    }
    open = builtOn
  }
  for (const leftover of open) kept.push({ leftover, because: 'something was built on it' })
  return { dropped, gone, kept }
}
