import { DuroError } from '../errors.ts'
import { parseDuration } from './duration.ts'
import type { FileInterval } from './file-name.ts'
import { ProblemList } from './problem-list.ts'
import type { ViewFiles } from './project-files.ts'
import { checkShape } from './settings/check-shape.ts'
import { completeSettings } from './settings/complete-settings.ts'
import { mergeSettings } from './settings/merge-settings.ts'
import { isNull, ListNode, MapNode, ScalarNode } from './settings/settings-node.ts'
import { viewSettingsSchema } from './settings/view-settings-schema.ts'
import type { EngineName } from '../sql/engine-name.ts'
import type { ViewName } from './view.ts'
import type { ViewSettings } from './view-settings.ts'
import { wantsFeed } from './wants-feed.ts'

/** Settings files of one kind, the weakest first. */
export interface Layers {
  trees: readonly MapNode[]
  /** False when a file is missing here because it could not be read. */
  complete: boolean
}

/** A view's settings after inheritance. */
export interface ResolvedSettings {
  /** Null when something is wrong with them, which is reported. */
  settings: ViewSettings | null
  /** Where each of them stands. */
  tree: MapNode
  /** Without a file that cannot be read, further complaints could be untrue. */
  complete: boolean
}

/** What holds for a view, from its own settings files and those that it inherits. */
export function resolveSettings(
  view: ViewFiles & { file: NonNullable<ViewFiles['file']> },
  { inherited, own, engine }: { inherited: Layers; own: Layers; engine: EngineName },
  problems: ProblemList,
): ResolvedSettings {
  const { name, file } = view
  const inName = intervalLayers(file)
  if (inName.length > 0) refuseOtherIntervals(own.trees, file.interval, problems)
  const tree = mergeSettings([...inherited.trees, ...own.trees, ...inName])
  const settings = completed(name, tree, engine, problems)
  const complete = inherited.complete && own.complete
  if (wantsFeed(view, tree)) refuseOtherThanTable(name, mergeSettings(own.trees), problems)
  else if (complete) refuseIndexesOnPlainViews(name, tree, problems)
  return { settings, tree, complete }
}

/** Each layer was checked on its own, so what is wrong here was reported there. */
function completed(
  name: ViewName,
  tree: MapNode,
  engine: EngineName,
  problems: ProblemList,
): ViewSettings | null {
  const again = new ProblemList()
  const merged = checkShape(viewSettingsSchema, tree, again)
  if (merged !== null) return completeSettings(merged, engine)
  if (problems.size > 0) return null
  throw new DuroError('internal', `the settings of ${name} are wrong only together`)
}

/** What is inherited is meant for the others. */
function refuseOtherThanTable(name: ViewName, own: MapNode, problems: ProblemList): void {
  const entry = own.entry('materialized')
  if (!(entry?.node instanceof ScalarNode) || !['view', 'none'].includes(entry.node.text)) return
  problems.add(
    entry.keyPlace,
    `${name} has a processor or an import, and so is a table: it cannot be materialized as ${entry.node.text}`,
    'Take "materialized" away here.',
  )
}

function refuseIndexesOnPlainViews(name: ViewName, tree: MapNode, problems: ProblemList): void {
  const materialized = tree.get('materialized')
  const entry = tree.entry('indexes')
  if (!(materialized instanceof ScalarNode) || materialized.text !== 'none') return
  if (!(entry?.node instanceof ListNode) || entry.node.items.length === 0) return
  problems.add(
    entry.keyPlace,
    `${name} is a plain view (materialized: none), which cannot have indexes`,
    'Take the indexes away ("indexes: null" where they are inherited), or materialize the view.',
  )
}

/** The interval in a file's name is said by the view itself, and so is the strongest layer. */
function intervalLayers({ path, interval }: NonNullable<ViewFiles['file']>): MapNode[] {
  if (interval === null || (interval.milliseconds ?? 0) <= 0) return []
  const place = { file: path }
  const node = new ScalarNode(interval.text, interval.text, place, true)
  return [new MapNode(new Map([['interval', { keyPlace: place, node }]]), place)]
}

function refuseOtherIntervals(
  own: readonly MapNode[],
  inName: FileInterval | null,
  problems: ProblemList,
): void {
  for (const tree of own) {
    const node = tree.get('interval')
    if (!(node instanceof ScalarNode) || parseDuration(node.text) === inName?.milliseconds) continue
    const here = isNull(node) ? 'null' : node.text
    problems.add(
      node.place,
      `interval is ${here} here and ${inName?.text ?? ''} in the name of the view's file`,
      'Keep one of them.',
    )
  }
}
