/**
 * What takes the place of a live version goes where that is: where nothing else is said, into the tablespace of the
 * database. `default_tablespace`, which a role or a database may have set, is for what is new.
 */
export const stayInPlace = "set local default_tablespace = ''"
