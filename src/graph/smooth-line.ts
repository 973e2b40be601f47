import type { Point } from './layout.ts'

/**
 * The path of a curve through points that lie from left to right. It leaves and arrives level, and never swings above
 * or below the points around it (monotone cubic interpolation after Fritsch and Carlson, as steepness allows).
 */
export function smoothLine(points: readonly Point[]): string {
  const [first] = points
  if (first === undefined) return ''
  const slopes = points.map((_, index) => slopeAt(points, index))
  let path = `M${round(first.x)},${round(first.y)}`
  for (let index = 1; index < points.length; index++) {
    const from = points[index - 1]
    const to = points[index]
    if (from === undefined || to === undefined) break
    // A line between two boxes alone needs wider arms, or it looks broken.
    const arm = (to.x - from.x) / (points.length === 2 ? 2 : 3)
    const control = [
      [from.x + arm, from.y + arm * (slopes[index - 1] ?? 0)],
      [to.x - arm, to.y - arm * (slopes[index] ?? 0)],
      [to.x, to.y],
    ]
    path += `C${control.map(([x = 0, y = 0]) => `${round(x)},${round(y)}`).join(' ')}`
  }
  return path
}

function slopeAt(points: readonly Point[], index: number): number {
  const before = points[index - 1]
  const at = points[index]
  const after = points[index + 1]
  if (before === undefined || at === undefined || after === undefined) return 0
  const left = steepness(before, at)
  const right = steepness(at, after)
  if (left * right <= 0) return 0
  return Math.sign(left) * Math.min(Math.abs(left), Math.abs(right))
}

const steepness = (from: Point, to: Point): number =>
  to.x === from.x ? 0 : (to.y - from.y) / (to.x - from.x)

const round = (value: number): number => Math.round(value * 10) / 10
