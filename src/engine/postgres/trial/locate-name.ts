import type { SourceLocation } from '../../../errors.ts'
import type { StatementFile, ViewName } from '../../../project/view.ts'
import { viewName } from '../../../sql/identifiers.ts'
import { locate } from '../../../sql/locate.ts'
import { splitQualifiedName } from '../../../sql/postgres/qualified-name.ts'
import { scan } from '../../../sql/postgres/scan.ts'

/** The first place at which a string, and no reference, says the name of a view; undefined: it is said in another way. */
export function locateName(file: StatementFile, view: ViewName): SourceLocation | undefined {
  const { path, text, statement } = file
  const seen = new Set(statement.references.map(({ span }) => span.start))
  const found = scan(text).find(
    (token) => token.kind === 'string' && !seen.has(token.start) && isNamed(token.text, view),
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
