import { didYouMean } from '../graph/nearest.ts'
import type { Place } from './place.ts'
import type { ProblemList } from './problem-list.ts'
import type { ResolvedSettings } from './resolve-settings.ts'
import { MapNode, type MapEntry, type SettingsNode } from './settings/settings-node.ts'

interface DeclaredLimit {
  name: string
  keyPlace: Place
  /** The totals of the views that it is for. */
  totals: Set<string>
}

/**
 * Reports limits on totals that do not exist. One that many views inherit is for those that have its total, so it is
 * wrong only when none of them has.
 */
export function checkLimits(views: readonly ResolvedSettings[], problems: ProblemList): void {
  const declared = new Map<string, DeclaredLimit>()
  for (const { tree, complete } of views) {
    for (const [name, { keyPlace }] of entriesOf(tree.get('limits'))) {
      const key = JSON.stringify(keyPlace)
      const limit = declared.get(key) ?? { name, keyPlace, totals: new Set(['rows']) }
      for (const [total] of entriesOf(tree.get('totals'))) limit.totals.add(total)
      if (!complete) limit.totals.add(name)
      declared.set(key, limit)
    }
  }
  for (const { name, keyPlace, totals } of declared.values()) {
    if (totals.has(name)) continue
    const guess = didYouMean(name, totals) ?? `Declare it under totals: ${name}: sum(…).`
    problems.add(keyPlace, `limits.${name} names no total`, guess)
  }
}

function entriesOf(node: SettingsNode | undefined): ReadonlyMap<string, MapEntry> {
  return node instanceof MapNode ? node.entries : new Map()
}
