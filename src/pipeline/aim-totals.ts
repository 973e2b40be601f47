import type { Engine } from '../engine/engine.ts'
import type { TotalsToCount } from '../engine/totals.ts'
import { readView } from '../graph/find-reads.ts'
import type { Project } from '../project/project.ts'
import type { View, ViewName } from '../project/view.ts'
import { formatAddress } from '../sql/identifiers.ts'
import type { Span } from '../sql/parser.ts'
import { aimAtNew } from './aim.ts'

/**
 * Totals of a view, pointed at the new versions of some views: of itself where it is one of them.
 * @param isWanted by the name of a total
 */
export function aimTotals(
  view: View,
  rebuilt: ReadonlySet<ViewName>,
  context: { project: Project; engine: Pick<Engine, 'addressOf'> },
  isWanted: (name: string) => boolean = () => true,
): TotalsToCount {
  const { totals } = view
  if (totals === null) {
    const place = rebuilt.has(view.name) ? 'new' : 'live'
    return { relation: formatAddress(context.engine.addressOf(view, place)), aggregates: {} }
  }
  const aim = (span: Span): string =>
    aimAtNew({ path: view.file.path, text: totals.text }, { ...totals.statement, span }, rebuilt, context)
      .text
  const wanted = [...totals.aggregates].filter(([name]) => isWanted(name))
  return {
    relation: aim(totals.relation),
    aggregates: Object.fromEntries(wanted.map(([name, span]) => [name, aim(span)])),
  }
}

/** The other views of the project that a total reads: it can be counted when these are there. */
export function readByTotal({ name, totals }: View, total: string, project: Project): ViewName[] {
  const span = totals?.aggregates.get(total)
  if (totals === null || span === undefined) return []
  return totals.statement.references.flatMap((reference) => {
    const isWithin = reference.span.start >= span.start && reference.span.end <= span.end
    const read = isWithin ? readView(reference, project) : null
    return read === null || read === name ? [] : [read]
  })
}

/** Those of a view's totals that read other views: like data tests, they may read any, and are counted with these. */
export function lateTotals(view: View, project: Project): ReadonlySet<string> {
  const names = Object.keys(view.settings.totals)
  return new Set(names.filter((total) => readByTotal(view, total, project).length > 0))
}
