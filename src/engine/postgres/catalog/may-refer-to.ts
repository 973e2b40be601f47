/**
 * Whether duro's role may make a foreign key that refers to a table, as SQL.
 * @param table its object id, as SQL
 * @param columns their numbers, as SQL
 */
export const mayReferTo = (table: string, columns: string): string =>
  `(has_table_privilege(${table}, 'references')
    or not exists (select from unnest(${columns}) as key where not has_column_privilege(${table}, key, 'references')))`
