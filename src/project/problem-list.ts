import type { Problem } from '../errors.ts'
import type { Place } from './place.ts'

/** Collects everything that is wrong, so that nobody has to mend a project one error at a time. */
export class ProblemList {
  readonly #problems = new Map<string, Problem>()

  add(place: Place, message: string, hint?: string): void {
    const problem: Problem = { message, ...place, ...(hint === undefined ? {} : { hint }) }
    // Settings that many views inherit are looked at once for each of them.
    this.#problems.set(JSON.stringify([place.file, place.line, place.column, message]), problem)
  }

  get size(): number {
    return this.#problems.size
  }

  /** By file, line and column. */
  sorted(): Problem[] {
    return [...this.#problems.values()].toSorted(
      (a, b) =>
        compareText(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    )
  }
}

/** By code units: the same order on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
