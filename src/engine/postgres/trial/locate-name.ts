import type { SourceLocation } from '../../../errors.ts'
import type { StatementFile, ViewName } from '../../../project/view.ts'
import { foldIdentifier, viewName } from '../../../sql/identifiers.ts'
import { locate } from '../../../sql/locate.ts'
import { splitQualifiedName } from '../../../sql/postgres/qualified-name.ts'
import { scan } from '../../../sql/postgres/scan.ts'

/**
 * The first place at which a string, and no reference, says the name of a view, or at which that of the type of arrays
 * of its rows stands; undefined: there is none.
 */
export function locateName(file: StatementFile, view: ViewName): SourceLocation | undefined {
  const { path, text, statement } = file
  const seen = new Set(statement.references.map(({ span }) => span.start))
  const found = scan(text).find(
    ({ kind, start, text: written }) =>
      (kind === 'string' && !seen.has(start) && isNamed(written, view)) ||
      (kind === 'name' && view.endsWith(`.${foldIdentifier(written).slice(1)}`) && written.startsWith('_')),
  )
  return found === undefined ? undefined : { file: path, ...locate(text, found.start) }
}

function isNamed(string: string, view: ViewName): boolean {
  const contents = /^'([^]*)'$/.exec(string)?.[1]?.replaceAll("''", "'")
  const [schema, name, ...more] = splitQualifiedName(contents ?? '') ?? []
  if (schema === undefined || more.length > 0) return false
  // Without a schema it is found along the search path.
  return name === undefined ? view.endsWith(`.${schema}`) : viewName({ schema, name }) === view
}
