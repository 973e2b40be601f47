import { parseDeclared } from '../engine/declared.ts'
import type { FeedToBuild, ViewToBuild } from '../engine/builder.ts'
import type { ViewName } from '../project/view.ts'
import { describeFeed } from '../import/describe-feed.ts'
import type { Feed } from '../project/feed.ts'
import { aimTotals, lateTotals } from './aim-totals.ts'
import { aimAtNew, aimTable } from './aim.ts'
import { violationsOf } from './declared-tests.ts'
import { viewOf, type Run } from './run.ts'

/** A view as the engine builds it: pointed at the new versions of the others, with what was declared before. */
export function viewToBuild(
  run: Pick<Run, 'project' | 'graph' | 'engine' | 'publications'>,
  name: ViewName,
  rebuilt: ReadonlySet<ViewName>,
): ViewToBuild {
  const view = viewOf(run, name)
  const late = lateTotals(view, run.project)
  return {
    view,
    sql:
      view.feed === null
        ? aimAtNew(view.file, view.file.statement, rebuilt, run)
        : aimTable(view, rebuilt, run),
    feed: view.feed === null ? null : feedToBuild(view.feed, rebuilt, run),
    reads: [...(run.graph.upstream.get(name) ?? [])].filter((upstream) => rebuilt.has(upstream)),
    totals: aimTotals(view, rebuilt, run, (total) => !late.has(total)),
    violations: violationsOf(view, run.engine.name),
    isRead: [...(run.graph.downstream.get(name) ?? [])].some((reader) => rebuilt.has(reader)),
    declaredBefore: parseDeclared(run.publications.get(name)?.declared ?? null),
  }
}

function feedToBuild(
  feed: Feed,
  rebuilt: ReadonlySet<ViewName>,
  run: Pick<Run, 'project' | 'engine'>,
): FeedToBuild {
  const description = describeFeed(feed)
  if (feed.kind === 'import') return { input: null, description }
  const { select } = feed
  return { input: { file: select, sql: aimAtNew(select, select.statement, rebuilt, run) }, description }
}
