/**
 * The object id of `source`, a row of `schema_name` and `relation_name`, as SQL. An unqualified name is looked up along
 * the search path. `to_regclass` would fail on a schema that the role may not use; the build fails there too, and can
 * say in which view and where.
 */
export const sourceId = `(
  case when source.schema_name is null then to_regclass(quote_ident(source.relation_name))::oid
  else (select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = source.schema_name and c.relname = source.relation_name) end)`
