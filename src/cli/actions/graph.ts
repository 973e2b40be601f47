import { basename } from 'node:path'
import { DuroError } from '../../errors.ts'
import { drawDot } from '../../graph/draw-dot.ts'
import { drawMermaid } from '../../graph/draw-mermaid.ts'
import { drawTree } from '../../graph/draw-tree.ts'
import type { Graph } from '../../graph/graph.ts'
import { selectViews } from '../../graph/selection.ts'
import { subgraph } from '../../graph/subgraph.ts'
import { effectiveIntervals, type Intervals } from '../../plan/intervals.ts'
import { formatDuration } from '../../project/duration.ts'
import type { ViewName } from '../../project/view.ts'
import { openProject, type OpenProject, type Shell } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GraphOptions } from './graph-options.ts'

const drawText: Readonly<Record<Exclude<GraphOptions['format'], 'svg'>, typeof drawTree>> = {
  tree: drawTree,
  mermaid: drawMermaid,
  dot: drawDot,
}

export async function graphCommand(
  shell: Shell,
  selectors: string[],
  options: GraphOptions,
): Promise<number> {
  const open = await openProject(shell)
  const intervals = effectiveIntervals(open.project, open.graph)
  const graph = subgraph(open.graph, select(shell, open, selectors, options.exclude ?? []))
  if (shell.options.json) shell.output.json({ version: 1, type: 'graph', views: edges(graph, intervals) })
  else shell.output.stdout(await draw(open, graph, labelsOf(intervals), options.format))
  return exitCodes.done
}

async function draw(
  { project }: OpenProject,
  graph: Graph,
  labels: ReadonlyMap<ViewName, string>,
  format: GraphOptions['format'],
): Promise<string> {
  if (format !== 'svg') return drawText[format](graph, labels)
  const { drawSvg } = await import('../../graph/draw-svg.ts')
  return drawSvg({ graph, views: project.views, labels, title: basename(project.root) })
}

function select(
  shell: Shell,
  { project, graph }: OpenProject,
  selectors: readonly string[],
  exclude: readonly string[],
): ReadonlySet<ViewName> {
  if ([...selectors, ...exclude].some((selector) => selector.includes('state:'))) {
    throw new DuroError('usage', 'state:… is what the database says, and `duro graph` asks none', {
      hint: '`duro plan` shows what state the views are in.',
    })
  }
  const none: ReadonlySet<ViewName> = new Set()
  return selectViews(selectors, exclude, {
    views: project.views,
    graph,
    states: () => ({ changed: none, missing: none, stale: none, failed: none }),
    root: project.root,
    cwd: shell.cwd,
  }).selected
}

function labelsOf(intervals: Intervals): Map<ViewName, string> {
  const labels = new Map<ViewName, string>()
  for (const [name, interval] of intervals) if (interval !== null) labels.set(name, formatDuration(interval))
  return labels
}

function edges(graph: Graph, intervals: Intervals) {
  return graph.order.map((name) => ({
    name,
    interval: intervals.get(name) ?? null,
    reads: [...(graph.upstream.get(name) ?? [])].toSorted(),
  }))
}
