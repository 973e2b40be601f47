/** Up to three of `candidates` that a person may have meant by `wanted`, the nearest first. */
export function nearest(wanted: string, candidates: Iterable<string>): string[] {
  const word = wanted.toLowerCase()
  const found = [...candidates]
    .map((candidate) => ({ candidate, distance: distanceTo(word, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance < Infinity)
    .toSorted((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
  // Where one is clearly meant, the others only distract.
  const best = found[0]?.distance ?? 0
  return found
    .filter(({ distance }) => distance <= best + 1)
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}

/** "Did you mean first.cities or first.cafes?"; undefined when nothing is near. */
export function didYouMean(wanted: string, candidates: Iterable<string>): string | undefined {
  const names = nearest(wanted, candidates)
  return names.length === 0 ? undefined : `Did you mean ${names.join(' or ')}?`
}

/** `citys` may mean `first.cities`: a name without a schema is compared without it too, and counts a little less. */
function distanceTo(word: string, candidate: string): number {
  const whole = boundedDistance(word, candidate)
  if (word.includes('.')) return whole
  return Math.min(whole, boundedDistance(word, candidate.slice(candidate.indexOf('.') + 1)) + 0.5)
}

function boundedDistance(a: string, b: string): number {
  const limit = a.length < 4 ? 1 : Math.min(Math.max(2, Math.floor(a.length / 3)), 4)
  // Words of very different length need no counting.
  if (Math.abs(a.length - b.length) > limit) return Infinity
  const distance = editDistance(a, b)
  return distance > limit ? Infinity : distance
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
