/** Up to three of `candidates` that a person may have meant by `wanted`, the nearest first. */
export function nearest(wanted: string, candidates: Iterable<string>): string[] {
  const word = wanted.toLowerCase()
  const found: { candidate: string; distance: number }[] = []
  for (const candidate of candidates) {
    const whole = candidate.toLowerCase()
    // `cities` may mean `first.cities`, `citys` too: what comes after the schema counts almost as much.
    const relation = whole.slice(whole.indexOf('.') + 1)
    const distance = Math.min(
      boundedDistance(word, whole),
      word.includes('.') ? Infinity : boundedDistance(word, relation) + 0.5,
    )
    if (distance <= tolerated(word)) found.push({ candidate, distance })
  }
  return found
    .toSorted((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}

/** "Did you mean first.cities or first.cafes?"; undefined when nothing is near. */
export function didYouMean(wanted: string, candidates: Iterable<string>): string | undefined {
  const names = nearest(wanted, candidates)
  return names.length === 0 ? undefined : `Did you mean ${names.join(' or ')}?`
}

function tolerated(word: string): number {
  return Math.max(1.5, Math.floor(word.length / 3))
}

function boundedDistance(a: string, b: string): number {
  return Math.abs(a.length - b.length) > tolerated(a) ? Infinity : editDistance(a, b)
}

/** Levenshtein's distance: how many characters must be put in, taken out or exchanged. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const exchanged = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)
      next.push(Math.min(exchanged, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
