import type * as z from 'zod'
import { didYouMean } from '../../graph/nearest.ts'
import type { Place } from '../place.ts'
import type { ProblemList } from '../problem-list.ts'
import { ListNode, locate, locateKey, MapNode, type SettingsNode } from './settings-node.ts'

/** The settings in a tree, or null when their shape is wrong, which is reported key by key. */
export function checkShape<T>(schema: z.ZodType<T>, root: MapNode, problems: ProblemList): T | null {
  const result = schema.safeParse(toPlain(root))
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') reportUnknownKeys(issue, root, problems)
    else reportWrongValue(issue, root, problems)
  }
  return null
}

/** Maps and lists as JavaScript has them; scalars stay nodes, so that the schema sees what was written. */
function toPlain(node: SettingsNode): unknown {
  if (node instanceof ListNode) return node.items.map(toPlain)
  if (!(node instanceof MapNode)) return node.value === null ? null : node
  return Object.fromEntries([...node.entries].map(([key, { node: value }]) => [key, toPlain(value)]))
}

function reportUnknownKeys(
  issue: z.core.$ZodIssueUnrecognizedKeys,
  root: MapNode,
  problems: ProblemList,
): void {
  // The message of a settings object names the keys it knows, see `keys` in leaves.ts.
  const known = issue.message.split(' ')
  for (const key of issue.keys) {
    const path = [...issue.path, key]
    problems.add(locateKey(root, path), `unknown key ${dotted(path)}`, didYouMean(key, known))
  }
}

function reportWrongValue(issue: z.core.$ZodIssue, root: MapNode, problems: ProblemList): void {
  const { place, found } = locate(root, issue.path)
  if (found)
    problems.add(placeOf(issue, root) ?? place, `${label(issue.path)} ${complaint(issue)}`, hintOf(issue))
  else problems.add(place, `${label(issue.path)} is missing`)
}

/** A wrong name is pointed at where it stands, which is the key. */
function placeOf(issue: z.core.$ZodIssue, root: MapNode): Place | undefined {
  return issue.code === 'custom' && issue.params?.['key'] === true ? locateKey(root, issue.path) : undefined
}

function hintOf(issue: z.core.$ZodIssue): string | undefined {
  const hint: unknown = issue.code === 'custom' ? issue.params?.['hint'] : undefined
  return typeof hint === 'string' ? hint : undefined
}

function complaint(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message
  return issue.expected === 'array' ? 'must be a list' : 'must hold keys and values'
}

/** `indexes.columns`, or `an item of tags`. */
function label(path: readonly PropertyKey[]): string {
  return typeof path.at(-1) === 'number' ? `an item of ${dotted(path)}` : dotted(path)
}

function dotted(path: readonly PropertyKey[]): string {
  return path.filter((step) => typeof step === 'string').join('.')
}
