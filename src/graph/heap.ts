/** A queue that always gives its least item first; `comesBefore` must be strict and leave no ties. */
export class Heap<Item extends object> {
  readonly #items: Item[] = []
  readonly #comesBefore: (a: Item, b: Item) => boolean

  constructor(comesBefore: (a: Item, b: Item) => boolean) {
    this.#comesBefore = comesBefore
  }

  get size(): number {
    return this.#items.length
  }

  push(item: Item): void {
    let hole = this.#items.length
    for (;;) {
      const parent = (hole - 1) >> 1
      const above = this.#items[parent]
      if (above === undefined || !this.#comesBefore(item, above)) break
      this.#items[hole] = above
      hole = parent
    }
    this.#items[hole] = item
  }

  pop(): Item | undefined {
    const least = this.#items[0]
    const last = this.#items.pop()
    if (last !== undefined && this.#items.length > 0) this.#putAtRoot(last)
    return least
  }

  #putAtRoot(item: Item): void {
    let hole = 0
    for (;;) {
      const child = this.#lesserChild(hole)
      const below = this.#items[child]
      if (below === undefined || !this.#comesBefore(below, item)) break
      this.#items[hole] = below
      hole = child
    }
    this.#items[hole] = item
  }

  #lesserChild(hole: number): number {
    const left = this.#items[2 * hole + 1]
    const right = this.#items[2 * hole + 2]
    const useRight = left !== undefined && right !== undefined && this.#comesBefore(right, left)
    return 2 * hole + (useRight ? 2 : 1)
  }
}
