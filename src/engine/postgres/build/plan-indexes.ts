import { DuroError } from '../../../errors.ts'
import type { CapturedIndex } from '../catalog/captured-relation.ts'
import { capturedIndex, inheritStatements, isAlike, type IndexToCreate } from '../statements/indexes.ts'
import type { Work } from './work.ts'

export interface IndexPlan {
  toCreate: readonly IndexToCreate[]
  /** What those that the user's own `create table` brought, by `like`, take over from the live version. */
  takeOver: readonly string[]
  /** Names of those that the settings, or that statement, asked for. */
  declared: readonly string[]
  /** Names on the new version, by name on the live one. One that goes has no entry. */
  names: ReadonlyMap<string, string>
  notices: readonly string[]
}

/**
 * All indexes of a new version: those that are declared, and those that somebody made by hand on the live one. One that
 * was declared and no longer is goes. One that is declared and stands already keeps what was done to it by hand, and its
 * name where the settings give none.
 * @param columns of the new version
 * @param printed the declared ones in the order of the settings, as the server prints them
 */
export function planIndexes(
  { kind, input, live, relation, target, brought }: Planned,
  columns: readonly string[],
  printed: readonly CapturedIndex[],
): IndexPlan {
  const { view } = input
  const standing = kind === 'view' ? [] : (live?.indexes ?? [])
  const before = new Set(input.declaredBefore?.indexes ?? [])
  const wanted = printed.map((index, at) => ({
    index,
    name: view.indexNames.own[at]?.name ?? index.name,
    isNamed: view.settings.indexes[at]?.name !== null,
  }))
  const twins = findTwins(wanted, standing, { before, taken: view.indexNames.taken })
  const names = new Map<string, string>()
  const declared = wanted.map((each) => {
    const twin = twins.get(each)
    if (twin === undefined) return { ...each.index, name: each.name }
    // The project may have the name for another index by now.
    const isFree = !each.isNamed && !view.indexNames.taken.has(twin.name)
    const name = isFree ? twin.name : each.name
    names.set(twin.name, name)
    return { ...twin, name }
  })
  const takeOver: string[] = []
  const byStatement = (brought?.indexes ?? []).map((index) => {
    const isTwin = (other: CapturedIndex): boolean => !names.has(other.name) && isAlike(index, other)
    const twin = standing.find((other) => isTwin(other) && other.name === index.name) ?? standing.find(isTwin)
    if (twin === undefined) return index.name
    const name = view.indexNames.taken.has(twin.name) ? index.name : twin.name
    names.set(twin.name, name)
    takeOver.push(...inheritStatements(target.schema, index, { ...twin, name }))
    return name
  })
  const notices: string[] = []
  const kept: CapturedIndex[] = []
  for (const index of standing) {
    if (names.has(index.name) || before.has(index.name)) continue
    const lost = index.columns.filter((column) => !columns.includes(column))
    if (lost.length > 0) notices.push(`index ${index.name} is lost with column ${lost.join(', ')}`)
    else kept.push(index)
  }
  for (const { name } of kept) {
    if (declared.some((other) => other.name === name) || byStatement.includes(name))
      throw sameName(view.name, name)
    names.set(name, name)
  }
  return {
    toCreate: [...declared, ...kept].map((index) => capturedIndex(relation, target.schema, index)),
    takeOver,
    declared: [...declared.map(({ name }) => name), ...byStatement],
    names,
    notices,
  }
}

type Planned = Pick<Work, 'kind' | 'input' | 'live' | 'relation' | 'target' | 'brought'>

interface Wanted {
  index: CapturedIndex
  /** As the project calls it. */
  name: string
  /** Whether the settings give the name. */
  isNamed: boolean
}

interface KnownNames {
  /** Of the indexes that the settings declared at the last publication. */
  before: ReadonlySet<string>
  /** Of everything that the project makes in the schema. */
  taken: ReadonlySet<string>
}

/**
 * By declared index the one of the live version that is the same. Several may be alike but for their names, and each
 * is the twin of one at most. One that somebody made by hand is a twin only where it keeps its name.
 */
function findTwins(
  wanted: readonly Wanted[],
  standing: readonly CapturedIndex[],
  { before, taken }: KnownNames,
): ReadonlyMap<Wanted, CapturedIndex> {
  const twins = new Map<Wanted, CapturedIndex>()
  const free = new Set(standing)
  const pair = (isTwin: (one: Wanted, other: CapturedIndex) => boolean): void => {
    for (const one of wanted) {
      if (twins.has(one)) continue
      const twin = [...free].find((other) => isAlike(one.index, other) && isTwin(one, other))
      if (twin === undefined) continue
      twins.set(one, twin)
      free.delete(twin)
    }
  }
  pair((one, other) => one.name === other.name)
  pair((one, other) => !one.isNamed && before.has(other.name) && !taken.has(other.name))
  pair((one, other) => !one.isNamed && before.has(other.name))
  pair((_, other) => before.has(other.name))
  pair((one, other) => !one.isNamed && !taken.has(other.name))
  return twins
}

const sameName = (view: string, name: string): DuroError =>
  new DuroError('build', `an index of ${view} is to be called ${name}, and so is one that was made by hand`, {
    hint: 'Set another name for the index, or rename the one that stands there.',
  })
