import type { Stage } from '../events.ts'
import type { Run } from './run.ts'

/** Tells when a stage begins and ends. */
export async function stage<T>(run: Pick<Run, 'emit'>, name: Stage, work: () => Promise<T>): Promise<T> {
  run.emit({ type: 'stage-started', stage: name })
  const { value, duration } = await timed(work)
  run.emit({ type: 'stage-finished', stage: name, duration })
  return value
}

/** With how long it took, in milliseconds. */
export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; duration: number }> {
  const began = performance.now()
  const value = await work()
  return { value, duration: performance.now() - began }
}
