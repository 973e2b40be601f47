import { stayInPlace } from '../statements/stay-in-place.ts'
import { beginReading } from './snapshot.ts'
import type { Work } from './work.ts'

/** Begins a transaction in which something is made for a new version. */
export const begin = ({ alike }: Pick<Work, 'alike'>, statement = 'begin'): string =>
  alike === null ? statement : `${statement}; ${stayInPlace}`

/** The same, reading the sources as they are for the whole run. */
export function beginAtInstant(work: Pick<Work, 'alike' | 'context'>): string {
  return begin(work, beginReading(work.context.snapshot))
}
