import { Rejection } from '../rejection.ts'
import { isName, matches, type Token } from '../sql/token.ts'

const SETTINGS = new Set(
  `analyze_threshold_percent application_name cast_super_null_on_error client_encoding client_min_messages datestyle
   default_geometry_encoding describe_field_name_in_uppercase downcase_delimited_identifier
   enable_case_sensitive_identifier enable_numeric_rounding enable_result_cache_for_session enable_vacuum_boost
   error_on_nondeterministic_update extra_float_digits interval_forbid_composite_literals json_serialization_enable
   max_concurrency_scaling_clusters max_cursor_result_set_size mv_enable_aqmv_for_session
   navigate_super_null_on_error query_group role search_path session_authorization spectrum_enable_pseudo_columns
   statement_timeout stored_proc_log_min_messages timezone transaction use_fips_ssl wlm_query_slot_count all
   wlm_query_priority transaction_isolation transaction_read_only session time`.split(/\s+/),
)

/** Those of them that PostgreSQL does not have. */
export const OWN_SETTINGS: ReadonlySet<string> = new Set(
  `analyze_threshold_percent cast_super_null_on_error describe_field_name_in_uppercase
   enable_numeric_rounding enable_result_cache_for_session enable_vacuum_boost error_on_nondeterministic_update
   interval_forbid_composite_literals json_serialization_enable max_concurrency_scaling_clusters
   max_cursor_result_set_size mv_enable_aqmv_for_session navigate_super_null_on_error query_group
   spectrum_enable_pseudo_columns stored_proc_log_min_messages use_fips_ssl wlm_query_slot_count
   wlm_query_priority`.split(/\s+/),
)

/** `set lock_timeout`, `show server_version`: settings that Redshift does not have, or does not tell. */
export function checkSettings(tokens: readonly Token[]): void {
  const setting = settingOf(tokens)
  if (setting !== null && !SETTINGS.has(setting.value)) throw unknownSetting(setting)
  for (let at = 0; at < tokens.length; at++) {
    const isAsked = matches(tokens, at, 'current_setting', '(') || matches(tokens, at, 'set_config', '(')
    const name = tokens[at + 2]
    if (isAsked && name?.kind === 'string' && !SETTINGS.has(name.value.toLowerCase()))
      throw unknownSetting(name)
  }
}

/** The token of the setting that `set`, `reset` or `show` names. */
export function settingOf(tokens: readonly Token[]): Token | null {
  if (!['set', 'reset', 'show'].some((word) => matches(tokens, 0, word))) return null
  const at = matches(tokens, 1, 'local') || (matches(tokens, 1, 'session') && isName(tokens[2])) ? 2 : 1
  const token = tokens[at]
  // `set session authorization`, `set session characteristics as transaction …`
  if (token?.value === 'authorization' || token?.value === 'characteristics') return null
  return isName(token) ? token : null
}

function unknownSetting(token: Token): Rejection {
  return new Rejection('42704', `unrecognized configuration parameter "${token.value}"`, {
    start: token.start,
  })
}
