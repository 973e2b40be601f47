/** A box of a layer, or the place where a line passes through it. */
export interface Item {
  /** Of its middle. */
  y: number
  height: number
  /** What it is tied to in other layers, and how strongly. */
  ties: { to: Item; weight: number }[]
}

/** How often every layer is put in order: after some rounds hardly anything moves any more. */
const rounds = 24

/**
 * Moves the items of each layer towards what they are tied to, as near as their order and a gap between them allow.
 * The order stays, and with it the number of crossings; what was spread over a long way comes together.
 *
 * @param layers each in order from top to bottom; their items' `y` is changed
 */
export function compactLayers(
  layers: readonly (readonly Item[])[],
  gapOf: (a: Item, b: Item) => number,
): void {
  for (let round = 0; round < rounds; round++) {
    for (const layer of round % 2 === 0 ? layers : layers.toReversed()) settle(layer, gapOf)
  }
}

/**
 * The best places in the sense of least squares that keep the order (isotonic regression by pooling neighbours): items
 * that would overlap form a block, and a block lies where its items on average want to be.
 */
function settle(layer: readonly Item[], gapOf: (a: Item, b: Item) => number): void {
  const blocks: { items: Item[]; offsets: number[]; length: number; sum: number; weight: number }[] = []
  for (const item of layer) {
    const weight = item.ties.reduce((sum, tie) => sum + tie.weight, 0)
    const wanted =
      weight === 0 ? item.y : item.ties.reduce((sum, tie) => sum + tie.weight * tie.to.y, 0) / weight
    // What is tied to nothing yields to everything else.
    const pull = Math.max(weight, 0.01)
    blocks.push({ items: [item], offsets: [0], length: 0, sum: pull * wanted, weight: pull })
    for (let last = blocks.at(-1), before = blocks.at(-2); last !== undefined && before !== undefined;) {
      const gap = distance(before.items.at(-1), last.items[0], gapOf)
      if (before.sum / before.weight + before.length + gap <= last.sum / last.weight) break
      const shift = before.length + gap
      before.items.push(...last.items)
      before.offsets.push(...last.offsets.map((offset) => offset + shift))
      before.sum += last.sum - last.weight * shift
      before.weight += last.weight
      before.length = shift + last.length
      blocks.pop()
      last = blocks.at(-1)
      before = blocks.at(-2)
    }
  }
  for (const { items, offsets, sum, weight } of blocks) {
    for (const [index, item] of items.entries()) item.y = sum / weight + (offsets[index] ?? 0)
  }
}

function distance(a: Item | undefined, b: Item | undefined, gapOf: (a: Item, b: Item) => number): number {
  return a === undefined || b === undefined ? 0 : (a.height + b.height) / 2 + gapOf(a, b)
}
