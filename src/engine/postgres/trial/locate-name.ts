import type { SourceLocation } from '../../../errors.ts'
import type { StatementFile, ViewName } from '../../../project/view.ts'
import { locate } from '../../../sql/locate.ts'
import { scan } from '../../../sql/postgres/scan.ts'
import { findUnseenNames, type UnseenName } from './unseen-names.ts'

export interface LocatedName {
  kind: UnseenName['kind']
  location: SourceLocation
}

/**
 * The first place at which a string, and no reference, says the name of a view, or at which that of the type of arrays
 * of its rows stands; undefined: there is none.
 */
export function locateName(file: StatementFile, view: ViewName): LocatedName | undefined {
  const { path, text, statement } = file
  const seen = new Set(statement.references.map(({ span }) => span.start))
  const found = findUnseenNames(scan(text), view).find(
    ({ kind, start }) => kind === 'array type' || !seen.has(start),
  )
  return found && { kind: found.kind, location: { file: path, ...locate(text, found.start) } }
}
