import { lowerBound, type Durations, type Task } from '../../../src/graph/critical-path.ts'

export interface Shape {
  name: string
  tasks: readonly Task[]
  /** In milliseconds. */
  durations: Durations
}

const count = 200

/** 200 views each: four chains side by side with single views between, no edges at all, and layers at random. */
export function makeShapes(): Shape[] {
  return [
    shape('chain', (index) => (index < 160 && index >= 4 ? [index - 4] : [])),
    shape('wide', () => []),
    shape('random', (index, random) =>
      index < 20
        ? []
        : Array.from({ length: 1 + Math.floor(random() * 3) }, () => Math.floor(random() * index)),
    ),
  ]
}

function shape(name: string, readsOf: (index: number, random: () => number) => number[]): Shape {
  const random = generator(7)
  const tasks = Array.from({ length: count }, (_, index) => ({
    name: nameOf(index),
    after: [...new Set(readsOf(index, random))].map(nameOf),
  }))
  // Most are short, some are long, as views are: up to half a second.
  const durations = new Map(tasks.map((task) => [task.name, Math.round(20 + 480 * random() ** 3)]))
  return { name, tasks, durations }
}

const nameOf = (index: number): string => `first.v${String(index).padStart(3, '0')}`

/** Random numbers from 0 to 1 that are the same every time. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** One row: how long it took, against what no schedule can be shorter than. */
export function compare(
  { name, tasks, durations }: Shape,
  concurrency: number,
  took: number,
): { ratio: number; row: (string | number)[] } {
  const bound = lowerBound(tasks, durations, concurrency)
  const ratio = took / bound
  return {
    ratio,
    row: [name, concurrency, (bound / 1000).toFixed(2), (took / 1000).toFixed(2), ratio.toFixed(3)],
  }
}
