import { expandVariables, unsetVariable, type Lookup } from '../expand-variables.ts'
import { further } from '../place.ts'
import type { ProblemList } from '../problem-list.ts'
import { ListNode, MapNode, ScalarNode, type SettingsNode } from './settings-node.ts'

// The database is expanded when it is known to be used, and views' settings hold SQL and descriptions.
const LEFT_ALONE = ['database', 'defaults']

/** duro.yaml with its `${VAR}` filled in; a variable that is not set is reported. */
export function expandSettings(root: MapNode, variables: Lookup, problems: ProblemList): MapNode {
  const changes: Record<string, SettingsNode> = {}
  for (const [key, { node }] of root.entries) {
    if (!LEFT_ALONE.includes(key)) changes[key] = expandNode(node, variables, problems)
  }
  return root.with(changes)
}

function expandNode(node: SettingsNode, variables: Lookup, problems: ProblemList): SettingsNode {
  if (node instanceof MapNode) return expandSettings(node, variables, problems)
  if (node instanceof ListNode) {
    return new ListNode(
      node.items.map((item) => expandNode(item, variables, problems)),
      node.place,
    )
  }
  const { text, unset } = expandVariables(node.text, variables)
  for (const { name, index } of unset) {
    const { message, hint } = unsetVariable(name)
    problems.add(further(node.place, index), message, hint)
  }
  return text === node.text ? node : new ScalarNode(text, text, node.place, node.quoted)
}
