import { isName, matches, type Token } from '../sql/token.ts'

/** Redshift's catalog, which the stand-in shows in views of its own. */
export const OWN_RELATIONS = new Set(['pg_attribute', 'pg_class', 'pg_class_info', 'pg_namespace'])

/** Reads the stand-in's own views where Redshift's catalog is read. */
export function translateCatalog(tokens: readonly Token[]): Token[] {
  const changed: Token[] = []
  for (const [at, token] of tokens.entries()) {
    if (!isName(token) || !OWN_RELATIONS.has(token.value) || !isRelation(tokens, at)) {
      changed.push(token)
      continue
    }
    const isQualified = matches(tokens, at - 2, 'pg_catalog', '.')
    if (isQualified) {
      const schema = changed.splice(-2)[0]
      changed.push({ ...token, before: schema?.before ?? ' ', text: `redshift_stand_in.${token.value}` })
    } else changed.push({ ...token, text: `redshift_stand_in.${token.value}` })
  }
  return changed
}

/** Not the qualifier of a column, not a name that is given. */
function isRelation(tokens: readonly Token[], at: number): boolean {
  if (matches(tokens, at + 1, '.') || matches(tokens, at - 1, 'as')) return false
  return !matches(tokens, at - 1, '.') || matches(tokens, at - 2, 'pg_catalog')
}
