import { Rejection } from '../rejection.ts'
import { isName, matches, type Token } from '../sql/token.ts'
import { OWN_RELATIONS } from '../translate/catalog.ts'
import type { Context } from '../translate/context.ts'

/** What Redshift has of PostgreSQL's catalog, besides what the stand-in shows itself. */
const CATALOG = new Set(
  `pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_cast pg_constraint pg_conversion pg_database
   pg_depend pg_description pg_group pg_index pg_inherits pg_language pg_locks pg_opclass pg_operator pg_proc
   pg_rewrite pg_rules pg_settings pg_shadow pg_shdepend pg_statistic pg_stats pg_tablespace pg_trigger pg_type
   pg_user`.split(/\s+/),
)

const SYSTEM_COLUMNS = new Set(['xmin', 'xmax', 'cmin', 'cmax', 'ctid', 'tableoid'])

/** `pg_matviews`, `pg_roles`, `xmin` … */
export function checkRelations(tokens: readonly Token[], { upstream }: Context): void {
  for (const [at, token] of tokens.entries()) {
    if (!isName(token) || matches(tokens, at - 1, 'as') || matches(tokens, at + 1, '(')) continue
    if (matches(tokens, at - 1, '.') && !matches(tokens, at - 2, 'pg_catalog')) {
      if (SYSTEM_COLUMNS.has(token.value)) throw unknownColumn(token)
      continue
    }
    if (SYSTEM_COLUMNS.has(token.value)) throw unknownColumn(token)
    if (matches(tokens, at + 1, '.') && !matches(tokens, at - 1, '.')) continue
    if (!upstream.catalog.has(token.value) || !token.value.startsWith('pg_')) continue
    if (CATALOG.has(token.value) || OWN_RELATIONS.has(token.value)) continue
    throw new Rejection('42P01', `relation "${token.value}" does not exist`, { start: token.start })
  }
}

function unknownColumn(token: Token): Rejection {
  return new Rejection('42703', `column "${token.value}" does not exist`, { start: token.start })
}
