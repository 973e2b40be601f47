import type { ViewFiles } from './project-files.ts'
import type { MapNode } from './settings/settings-node.ts'

/** Whether rows come from a processor or an import, be it an incomplete one: then the view's file makes a table. */
export function wantsFeed({ input, script, requirements }: ViewFiles, settings: MapNode): boolean {
  const hasFiles = [input, script, requirements].some((path) => path !== null)
  return hasFiles || settings.get('processor') !== undefined || settings.get('import') !== undefined
}
