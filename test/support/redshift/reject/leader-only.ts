import { Rejection } from '../rejection.ts'
import { indexOf, isName, matches, type Token } from '../sql/token.ts'
import { readFrom } from './read-from.ts'

/** They run on the leader node, which does not see the rows of tables. */
const FUNCTIONS = new Set(
  `age col_description current_schemas current_time current_timestamp format_type generate_series get_bit get_byte
   has_database_privilege has_schema_privilege has_table_privilege isfinite localtime localtimestamp now
   obj_description pg_get_constraintdef pg_get_expr pg_get_indexdef pg_get_userbyid pg_get_viewdef set_bit set_byte
   to_ascii`.split(/\s+/),
)

const WITHOUT_PARENTHESES = new Set(['current_timestamp', 'current_time', 'localtime', 'localtimestamp'])

const RELATIONS = new Set(['pg_views', 'pg_tables', 'pg_rules', 'pg_stats'])

/** Views over tables that the compute nodes keep. */
const ON_COMPUTE_NODES = /^(svv_table_info|stv_|stl_|svl_|sys_)/

/** Such as `select now() from t`, `create table t as select generate_series(1, 3)`, or `svv_table_info` together with `pg_views`. */
export function checkLeaderOnly(tokens: readonly Token[]): void {
  const leader = tokens.find((token, at) => isLeaderOnly(tokens, token, at))
  if (leader === undefined) return
  const fills = writesRows(tokens)
  if (!fills && !readFrom(tokens).some(({ schema, name }) => isOnComputeNodes(schema, name))) return
  throw new Rejection(
    '0A000',
    'Specified types or functions (one per INFO message) not supported on Redshift tables.',
    { hint: `"${leader.value}" runs on the leader node only.` },
  )
}

function isLeaderOnly(tokens: readonly Token[], token: Token, at: number): boolean {
  if (!isName(token) || (matches(tokens, at - 1, '.') && !matches(tokens, at - 2, 'pg_catalog'))) return false
  if (RELATIONS.has(token.value)) return !matches(tokens, at + 1, '.') && !matches(tokens, at - 1, 'as')
  if (token.kind === 'word' && WITHOUT_PARENTHESES.has(token.value)) return true
  return FUNCTIONS.has(token.value) && matches(tokens, at + 1, '(')
}

/** What a query finds goes into a table, and so through the compute nodes. */
function writesRows(tokens: readonly Token[]): boolean {
  const isQuery = indexOf(tokens, ['select']) >= 0
  const isTable = [1, 2, 3].some((at) => matches(tokens, at, 'table'))
  return isQuery && (matches(tokens, 0, 'insert') || (matches(tokens, 0, 'create') && isTable))
}

function isOnComputeNodes(schema: string | null, name: string): boolean {
  if (ON_COMPUTE_NODES.test(name)) return true
  if (schema === 'pg_catalog' || schema === 'information_schema') return false
  return !/^(pg_|svv_)/.test(name)
}
