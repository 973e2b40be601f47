/** What Redshift has among the functions, types and words that PostgreSQL lets stand before a parenthesis. */
export const KNOWN_FUNCTIONS: ReadonlySet<string> = new Set(
  `abs acos age any_value ascii asin atan atan2 avg bit_and bit_length bit_or bool bool_and bool_or bpchar btrim
   cbrt ceil ceiling char char_length character_length chr coalesce col_description concat corr cos cot count
   cume_dist current_database current_schema current_schemas current_setting convert current_user date date_part date_trunc
   degrees decode dense_rank exp extract first_value float4 float8 floor format_type get_bit get_byte
   has_database_privilege has_schema_privilege has_table_privilege has_column_privilege has_function_privilege
   has_language_privilege initcap int2 int4 int8 interval isfinite json_array_length json_extract_path_text lag last_value lead left
   length lengthb ln log lower lpad ltrim max md5 min mod name now nth_value ntile numeric obj_description octet_length oid
   overlaps overlay percent_rank percentile_cont percentile_disc pg_backend_pid pg_cancel_backend
   pg_get_constraintdef pg_get_expr pg_get_indexdef pg_get_ruledef pg_get_userbyid pg_get_viewdef pg_sleep
   pg_table_is_visible pg_terminate_backend pi position pow power quote_ident quote_literal radians
   random rank regclass regexp_count regexp_instr regexp_replace regexp_substr regproc regtype repeat replace reverse
   right round row_number rpad rtrim session_user set_config sign similar_to_escape sin split_part sqrt stddev stddev_pop
   stddev_samp strpos substr substring sum tan text time timeofday timestamp timestamptz timetz to_char to_date to_hex
   to_number to_timestamp translate trim trunc upper var_pop var_samp varchar variance version width_bucket generate_series
   set_bit set_byte to_ascii in any all exists cast array user
   array_upper array_lower row grouping unique sha1`.split(/\s+/),
)
