import type { ViewName } from '../project/view.ts'
import { removedViews } from '../plan/removed-views.ts'
import { readDefinition } from '../plan/stored-definition.ts'
import type { Revision } from '../project/read-revision.ts'
import { findCommit } from '../state/runs.ts'
import type { Run } from './run.ts'

export type CommitRun = Pick<Run, 'project' | 'definitions' | 'publications' | 'state' | 'emit'>

/**
 * Says what a commit brings when it first comes by: a log then shows which deployment changed what. The very first
 * commit brings everything, which needs no saying.
 */
export async function reportNewCommit(run: CommitRun, { commit, dirty }: Revision): Promise<void> {
  if ((await findCommit(run.state, commit)) !== 'new') return
  const name = `${commit.slice(0, 8)}${dirty ? ' (and changes that are not committed)' : ''}`
  run.emit({ type: 'notice', message: `first run at commit ${name}: ${describe(run)}` })
}

function describe({ project, definitions, publications }: CommitRun): string {
  const added = [...project.views.keys()].filter((name) => !publications.has(name))
  const changed = [...project.views.keys()].filter((name) => {
    const before = publications.get(name)
    const now = definitions.get(name)
    if (before === undefined || now === undefined) return false
    const { settings } = readDefinition({ sql: '', settings: before.definition_settings })
    return before.definition_sql !== now.sql || settings !== now.settings
  })
  const removed = removedViews(publications.keys(), project)
  const parts = [listed('new', added), listed('changed', changed), listed('removed', removed)]
  const said = parts.filter((part) => part !== null)
  return said.length === 0 ? 'no view is new, changed or removed' : said.join('; ')
}

/** Long lists are cut: the plan names them all. */
const shown = 5

function listed(what: string, names: readonly ViewName[]): string | null {
  if (names.length === 0) return null
  const more = names.length > shown ? ` and ${names.length - shown} more` : ''
  return `${names.length} ${what} (${names.slice(0, shown).join(', ')}${more})`
}
