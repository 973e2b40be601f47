import type { DropResult, Leftover } from './engine.ts'

/** What became of a relation that was to be dropped; an object: it stays. */
export type Dropped = 'dropped' | 'gone' | { because: string }

/** One after the other, what was made last first: it may depend on what was made before. */
export async function dropEach(
  leftovers: readonly Leftover[],
  drop: (leftover: Leftover) => Promise<Dropped>,
): Promise<DropResult> {
  const dropped: Leftover[] = []
  const gone: Leftover[] = []
  const kept: { leftover: Leftover; because: string }[] = []
  for (const leftover of leftovers.toSorted((one, other) => other.id - one.id)) {
    const result = await drop(leftover)
    if (result === 'dropped') dropped.push(leftover)
    else if (result === 'gone') gone.push(leftover)
    else kept.push({ leftover, ...result })
  }
  return { dropped, gone, kept }
}
