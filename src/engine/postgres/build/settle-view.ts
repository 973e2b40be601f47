import { describeMissing, missingDescribed } from '../../check-described.ts'
import type { BuiltView, OnTestable } from '../../builder.ts'
import { countWith, type Counted } from '../../totals.ts'
import { takenOver } from '../catalog/taken-over.ts'
import { givingWay } from '../connection/giving-way.ts'
import { interruptible } from '../connection/interruptible.ts'
import type { Session } from '../connection/session.ts'
import { upkeep } from '../statements/upkeep.ts'
import { readTotals } from '../totals.ts'
import { finish, type Made } from './finish.ts'
import { sideBySide, type Job } from './side-by-side.ts'
import { described } from './take-over.ts'
import { patience } from './work.ts'

/**
 * What a new version still needs once it is committed, while other views are built.
 * @param onTestable called when it can be tested
 */
export async function settleView(
  made: Made,
  signal: AbortSignal,
  onTestable: OnTestable,
): Promise<BuiltView> {
  const { context, input, relation } = made.work
  const { view, totals, violations } = input
  return context.workers.using((session) =>
    interruptible(session, context.control, signal, async () => {
      const work = { ...made.work, session, signal }
      let counting: Promise<Counted> | null = null
      const countOnce = (on: Session): Promise<Counted> =>
        (counting ??= countWith(violations, (wanted) => readTotals(on, view, totals, wanted)))
      const finished =
        made.finished ?? (await finish({ ...made, work }, [async (on) => void (await countOnce(on))]))
      const maintenance = upkeep(relation, finished.extent, {
        materialized: view.settings.materialized,
        isRead: input.isRead,
      })
      const maintain: Job = async (on) => {
        // Autovacuum may have come first.
        for (const statement of maintenance) await givingWay(patience, signal, () => on.query(statement))
      }
      const isSoonDone = maintenance.length === 0 || finished.extent === 'small'
      if (isSoonDone) await maintain(session)
      const haveTested: Job = async (on) => onTestable((await countOnce(on)).violated)
      await sideBySide(work, isSoonDone ? [haveTested] : [haveTested, maintain])
      const [row] = await session.query<{ storage: string | null }>(
        'select pg_relation_filenode($1::oid)::text as storage',
        [made.id],
      )
      const missing = missingDescribed(view, made.columns)
      const lost = missing.length === 0 ? [] : [describeMissing(missing)]
      return {
        id: made.id,
        declared: {
          grantSelect: made.grantSelect,
          indexes: made.indexes.declared,
          namedIndexes: view.settings.indexes.flatMap(({ name }) => name ?? []),
          description: view.settings.description !== null,
          columns: [...new Set([...Object.keys(view.settings.columns), ...described(work.brought)])],
          table: made.table,
          takenOver: takenOver(work.alike ?? work.live, work.kind, made.columns),
          replaces: context.replaceTables ? (work.live?.id ?? null) : null,
        },
        notices: [...finished.notices, ...lost],
        storage: row?.storage ?? null,
        ...(await countOnce(session)),
      }
    }),
  )
}
