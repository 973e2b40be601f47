import type { View } from '../../project/view.ts'
import type { Obstacle } from './obstacle.ts'
import type { CapturedRelation } from './catalog/captured-relation.ts'
import { defaultKey, identityKey, notNullKey } from './catalog/taken-over.ts'
import { kindOf, relationKind } from './relation-kind.ts'

/**
 * What stands on the live relation that the new one cannot have, since it is of another kind.
 * @param declared names of the indexes that the settings asked for
 * @returns in words; null: nothing
 */
export function describeLoss(
  view: View,
  relation: CapturedRelation,
  declared: readonly string[],
): string | null {
  const kind = kindOf(view.settings.materialized)
  if (relationKind(relation.kind) === kind) return null
  const lost = [
    ...(kind === 'table' ? [] : [...lostConstraints(relation), ...lostOfColumns(relation)]),
    ...(kind === 'materialized view' ? lostDefaults(relation) : []),
    ...(kind === 'view' ? lostWithRows(relation, declared) : []),
    ...relation.objects
      .map(({ key }) => key)
      .filter((key) => !isRefused(key) && !key.startsWith('sequence ')),
  ]
  if (lost.length === 0) return null
  return `${view.name} becomes a ${kind}, and loses what one cannot have: ${lost.join(', ')}`
}

/** Who may see which rows, and whom changes are sent to: nobody is to find out later. */
const isRefused = (key: string): boolean => /^(policy |publication |row level security$)/.test(key)

const isPublication = (key: string): boolean => key.startsWith('publication ')

/** Subscribers would go without the changes from then on, and not hear of it. */
export function publicationObstacle(view: View, { objects, kind }: CapturedRelation): Obstacle | null {
  const coming = kindOf(view.settings.materialized)
  const publications = objects.map(({ key }) => key).filter(isPublication)
  if (relationKind(kind) === coming || publications.length === 0) return null
  return {
    message: `${view.name} becomes a ${coming}, whose changes cannot be published: ${publications.join(', ')}`,
    hint: 'Take it out with alter publication … drop table first, or keep `materialized: table`.',
  }
}

const isNotNull = (definition: string): boolean => definition.startsWith('NOT NULL ')

const lostConstraints = ({ constraints }: CapturedRelation): string[] =>
  constraints.filter(({ definition }) => !isNotNull(definition)).map(({ name }) => `constraint ${name}`)

/** That the columns of a primary key are not null goes without saying. */
function lostOfColumns({ columns, constraints }: CapturedRelation): string[] {
  const keys = constraints.filter(({ definition }) => definition.startsWith('PRIMARY KEY'))
  const notNull = constraints.filter(({ definition }) => isNotNull(definition))
  return columns.flatMap((column) => [
    ...(column.identity === null ? [] : [identityKey(column.name)]),
    ...((column.notNull || notNull.some((each) => each.columns.includes(column.name))) &&
    column.identity === null &&
    !keys.some((each) => each.columns.includes(column.name))
      ? [notNullKey(column.name)]
      : []),
  ])
}

const lostDefaults = ({ columns }: CapturedRelation): string[] =>
  columns.filter((column) => column.default !== null).map(({ name }) => defaultKey(name))

const lostWithRows = ({ indexes, statistics }: CapturedRelation, declared: readonly string[]): string[] => [
  ...indexes.filter(({ name }) => !declared.includes(name)).map(({ name }) => `index ${name}`),
  ...statistics.map(({ name }) => `statistics ${name}`),
]
