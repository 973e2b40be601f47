import { stayInPlace } from '../statements/stay-in-place.ts'
import type { Work } from './work.ts'

/** Begins a transaction in which something is made for a new version. */
export const begin = ({ alike }: Pick<Work, 'alike'>, statement = 'begin'): string =>
  alike === null ? statement : `${statement}; ${stayInPlace}`

/** The same, reading the sources as they are for the whole run. */
export function beginAtInstant(work: Pick<Work, 'alike' | 'context'>): string {
  const { snapshot } = work.context
  if (snapshot === null) return begin(work)
  return begin(work, `begin isolation level repeatable read; set transaction snapshot '${snapshot.id}'`)
}
