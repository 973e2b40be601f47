/**
 * Types of PostgreSQL 18's `pg_catalog` whose names do not begin with `pg_`, without those of their arrays. The server
 * looks there before it looks along `search_path`, so an unqualified `x::date` is the built-in type, also when a view is called `date`.
 */
export const builtInTypes: ReadonlySet<string> = new Set(
  `
  aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray
  anycompatiblerange anyelement anyenum anymultirange anynonarray anyrange bit bool box bpchar bytea char
  cid cidr circle cstring date datemultirange daterange event_trigger fdw_handler float4 float8 gtsvector
  index_am_handler inet int2 int2vector int4 int4multirange int4range int8 int8multirange int8range
  internal interval json jsonb jsonpath language_handler line lseg macaddr macaddr8 money name numeric
  nummultirange numrange oid oidvector path point polygon record refcursor regclass regcollation regconfig
  regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype table_am_handler
  text tid time timestamp timestamptz timetz trigger tsm_handler tsmultirange tsquery tsrange
  tstzmultirange tstzrange tsvector txid_snapshot unknown uuid varbit varchar void xid xid8 xml
  `
    .trim()
    .split(/\s+/),
)
