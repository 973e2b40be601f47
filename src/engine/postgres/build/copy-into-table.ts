import { to } from 'pg-copy-streams'
import { terminate } from '../connection/as-login-role.ts'
import { interruptible } from '../connection/interruptible.ts'
import type { Session } from '../connection/session.ts'
import { copyIn } from './copy-in.ts'
import { copyOut, copyOutAsText } from './copy-out.ts'
import { beginReading } from './snapshot.ts'
import type { Work } from './work.ts'

/**
 * Streams the select's rows from a second session into the table, so that they can be written frozen. They pass
 * through this process, a buffer at a time. The reader has to see the sources at the run's moment, and what its
 * functions may do is what they may in a materialized view: draw from a sequence, or write.
 */
export async function copyIntoTable(work: Work): Promise<void> {
  const { session, context, input, relation, signal } = work
  const format = (await hasBinaryForm(session, relation)) ? 'binary' : 'text'
  await context.workers.using(async (reader) => {
    await reader.query(beginReading(context.snapshot))
    try {
      const options = `format ${format}`
      const select = input.sql.text
      const { text } =
        format === 'binary' ? copyOut(select, options) : await copyOutAsText(reader, select, options)
      // The writer only waits for rows, and hears of no cancellation meanwhile: the reader has to be stopped.
      await interruptible(reader, context.control, signal, () =>
        copyIn(session, `copy ${relation} from stdin (${options}, freeze)`, () =>
          reader.client.query(to(text)),
        ),
      )
      await reader.query('commit')
    } catch (error) {
      // It may wait for us to take its rows, which nobody does any more: it can neither be cancelled nor asked.
      context.workers.discard(reader)
      await terminate(context.control, reader.pid).catch(() => undefined)
      throw error
    }
  })
}

/** Some types, mostly of extensions, have no binary form. What consists of others has one only where they have one. */
async function hasBinaryForm(session: Session, relation: string): Promise<boolean> {
  const [row] = await session.query<{ binary: boolean }>(
    `with recursive used(id) as (
       select atttypid from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
       union
       select part.id from used join pg_type t on t.oid = used.id, lateral (
         select t.typelem
         union all select t.typbasetype
         union all select r.rngsubtype from pg_range r where r.rngtypid = t.oid
         union all select r.rngtypid from pg_range r where r.rngmultitypid = t.oid
         union all select a.atttypid from pg_attribute a
                   where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
       ) as part(id)
       where part.id <> 0
     )
     select coalesce(bool_and(t.typsend <> 0 and t.typreceive <> 0), true) as binary
     from used join pg_type t on t.oid = used.id`,
    [relation],
  )
  return row?.binary ?? false
}
