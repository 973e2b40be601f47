import type { ProblemList } from './problem-list.ts'
import { readText } from './read-text.ts'
import { canonicalForm } from './settings/canonical-form.ts'
import { checkShape } from './settings/check-shape.ts'
import { parseConfSettings } from './settings/conf-settings.ts'
import type { MapNode } from './settings/settings-node.ts'
import { viewSettingsSchema } from './settings/view-settings-schema.ts'
import { parseYamlSettings } from './settings/yaml-settings.ts'

/**
 * One layer of views' settings, in canonical form; null when it cannot be read. What is wrong is reported.
 * A file with a wrong key or value is still a layer: more may be wrong with what it says.
 */
export function loadSettingsFile(root: string, file: string, problems: ProblemList): MapNode | null {
  const text = readText(root, file, problems)
  if (text === null) return null
  const parse = file.endsWith('.conf') ? parseConfSettings : parseYamlSettings
  const parsed = parse(file, text, problems)
  if (parsed === null) return null
  const tree = canonicalForm(parsed)
  checkShape(viewSettingsSchema, tree, problems)
  return tree
}
