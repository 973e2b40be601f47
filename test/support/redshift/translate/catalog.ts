import { isName, matches, type Token } from '../sql/token.ts'

/** Redshift's catalog, which the stand-in shows in views of its own. */
export const OWN_RELATIONS: ReadonlySet<string> = new Set(
  `pg_attribute pg_class pg_class_info pg_default_acl pg_namespace pg_stat_activity pg_table_def pg_tables pg_views stl_load_errors
   stv_mv_deps stv_mv_info stv_recents stv_sessions svv_columns svv_default_privileges svv_mv_info svv_relation_privileges svv_schema_privileges svv_table_info
   svv_tables svv_transactions sys_load_error_detail sys_session_history`.split(/\s+/),
)

const INFORMATION = new Set(['tables', 'columns', 'views', 'schemata'])

/** Reads the stand-in's own views where Redshift's catalog is read. */
export function translateCatalog(tokens: readonly Token[]): Token[] {
  const changed: Token[] = []
  for (const [at, token] of tokens.entries()) {
    const own = isName(token) ? ownView(tokens, at, token) : null
    if (own === null) changed.push(token)
    else {
      const schema = matches(tokens, at - 1, '.') ? changed.splice(-2)[0] : undefined
      changed.push({ ...token, before: schema?.before ?? token.before, text: `redshift_stand_in.${own}` })
    }
  }
  return changed
}

/** Not for the qualifier of a column, and not for a name that is given. */
function ownView(tokens: readonly Token[], at: number, token: Token): string | null {
  if (matches(tokens, at + 1, '.') || matches(tokens, at - 1, 'as')) return null
  if (INFORMATION.has(token.value) && matches(tokens, at - 2, 'information_schema', '.')) {
    return `information_schema_${token.value}`
  }
  if (!OWN_RELATIONS.has(token.value)) return null
  const isOther = matches(tokens, at - 1, '.') && !matches(tokens, at - 2, 'pg_catalog')
  return isOther ? null : token.value
}
