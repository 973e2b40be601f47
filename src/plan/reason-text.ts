import { changedFiles } from './definition.ts'
import type { Reason } from './plan.ts'

const PHRASES = {
  missing: 'not in the database yet',
  'never-built': 'what stands there was not built by duro',
  forced: 'forced',
  named: 'named on the command line',
  failed: 'its last build failed',
} as const

/** Why a view is rebuilt, in words that can follow its name. */
export function describeReason(reason: Reason): string {
  if (reason.kind === 'stale') return describeAge(reason.age, reason.interval)
  if (reason.kind === 'follows') return `reads ${describeRebuilt(reason.upstream)}`
  if (reason.kind === 'bound') return `what is live reads ${describeRebuilt(reason.to)}`
  if (reason.kind !== 'changed') return PHRASES[reason.kind]
  return reason.what === 'sql'
    ? `${whatChanged(reason)} changed`
    : describeSettings(reason.before, reason.after)
}

/** `its SQL`, `its settings`, or the files of a view with a processor: `countries.py`. */
export function whatChanged({ what, before, after }: Extract<Reason, { kind: 'changed' }>): string {
  if (what === 'settings') return 'its settings'
  const { sql, files } = changedFiles(before, after)
  return (sql || files.length === 0 ? ['its SQL', ...files] : files).join(' and ')
}

/** Both are lines of `key: value`; the words before the colon tell what has changed. */
function describeSettings(before: string, after: string): string {
  const [old, wanted] = [new Set(before.split('\n')), new Set(after.split('\n'))]
  const changed = [...old]
    .filter((line) => !wanted.has(line))
    .concat([...wanted].filter((line) => !old.has(line)))
  const keys = new Set(changed.filter((line) => line !== '').map((line) => line.slice(0, line.indexOf(':'))))
  return keys.size === 0
    ? 'its settings changed'
    : `its settings changed (${[...keys].toSorted().join(', ')})`
}

function describeAge(age: number, interval: number): string {
  if (age < 0) return `built ${inWords(-age)} in the future, as the clock says`
  // A run that comes a little early takes the view along: see `toleranceOf`.
  const limit = age < interval ? 'due at' : 'may be'
  return `${inWords(age)} old, ${limit} ${inWords(interval)}`
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const

/** In one unit, rounded down: `26 h`, `90 min`, `3 d`. Two of a unit are needed before it is used. */
function inWords(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => milliseconds >= 2 * each) ?? (['s', 1000] as const)
  const count = milliseconds / size
  return `${count < 10 ? Math.floor(count * 10) / 10 : Math.floor(count)} ${unit}`
}

function describeRebuilt(upstream: readonly string[]): string {
  const shown = upstream.length > 3 ? upstream.slice(0, 2) : upstream
  const names = upstream.length > 3 ? [...shown, `${upstream.length - 2} more`] : shown
  const last = names.at(-1) ?? ''
  if (names.length === 1) return `${last}, which is rebuilt`
  return `${names.slice(0, -1).join(', ')} and ${last}, which are rebuilt`
}
