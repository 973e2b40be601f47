import { addressOf } from '../places.ts'
import { parametersFor, relationsAt } from './relations-at.ts'
import type { ReachedSource } from '../../sources.ts'
import type { NamedView } from '../../../project/view.ts'
import type { Session } from '../connection/session.ts'

/**
 * What functions read that live views call: those written with `begin atomic`, as the catalog knows nothing of a body
 * that is text, and those that such functions call. A table keeps no trace of what filled it.
 */
export async function readCalledRoutines(
  session: Session,
  views: readonly NamedView[],
): Promise<ReachedSource[]> {
  return session.query<ReachedSource & { [column: string]: unknown }>(
    `with recursive called(view, source, oid) as (
       select format('%s.%s', n.nspname, c.relname), format('%s.%s()', pn.nspname, p.proname), p.oid
       from ${relationsAt}
       join pg_rewrite r on r.ev_class = c.oid
       join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
                       and d.refclassid = 'pg_proc'::regclass
       join pg_proc p on p.oid = d.refobjid
       join pg_namespace pn on pn.oid = p.pronamespace
       union
       select called.view, called.source, d.refobjid
       from called
       join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = called.oid
                       and d.refclassid = 'pg_proc'::regclass
     )
     select distinct called.view, called.source, n.nspname::text as schema, c.relname::text as name,
            c.relkind = 'f' as foreign
     from called
     join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = called.oid
                     and d.refclassid = 'pg_class'::regclass
     join pg_class c on c.oid = d.refobjid
     join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
     order by 1, 2, 3, 4`,
    parametersFor(views.map((view) => addressOf(view, 'live'))),
  )
}
