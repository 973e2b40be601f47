import type { Session } from '../connection/session.ts'

/** A statement that writes the rows of a select to the client, and where in it the select begins. */
export interface CopyOut {
  text: string
  selectStart: number
}

/** @param options of the copy: `format csv, header` */
export const copyOut = (select: string, options: string): CopyOut =>
  wrapped('copy (\n', select, `\n) to stdout (${options})`)

/**
 * The same, for rows that pass as text, which has to be read back as the very same values. In the styles SQL, German
 * and Postgres a time carries the abbreviation of its zone, which may mean another zone to who reads it (IST, CST), and
 * means two times in the hour that a zone goes through twice. So the rows are written in the style ISO, as pg_dump does.
 * What the select itself makes of a date (`at::text`) is as the database has it: all rows are there before the style is
 * changed, which the transaction's end undoes. A server that has the style ISO anyway need not keep them.
 */
export async function copyOutAsText(session: Session, select: string, options: string): Promise<CopyOut> {
  const [row] = await session.query<{ style: string }>("select current_setting('datestyle') as style")
  if (row?.style.startsWith('ISO')) return copyOut(select, options)
  return wrapped(
    'copy (\nwith all_rows as materialized (\n',
    select,
    `\n) select all_rows.* from all_rows where (
  select set_config('datestyle', 'ISO', true) from (select count(*) from all_rows) as counted
) is not null) to stdout (${options})`,
  )
}

const wrapped = (head: string, select: string, tail: string): CopyOut => ({
  text: head + select + tail,
  selectStart: head.length,
})
