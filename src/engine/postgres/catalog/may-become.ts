/** Whether duro's role can become another, as SQL. Since 16 a membership may come without that right. */
export const mayBecome = (version: number, role: string): string =>
  `pg_has_role(${role}, '${version >= 160000 ? 'set' : 'member'}')`

/** Whether it can give something to another and still use it, as SQL. */
export const mayGiveTo = (version: number, role: string): string =>
  `(pg_has_role(${role}, 'usage') and ${mayBecome(version, role)})`
