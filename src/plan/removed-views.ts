import { byName } from '../graph/sort-views.ts'
import type { Project } from '../project/project.ts'
import type { ViewName } from '../project/view.ts'

/** The views that are published, and whose files are gone. */
export const removedViews = (
  published: Iterable<ViewName>,
  { views }: Pick<Project, 'views'>,
): readonly ViewName[] => [...new Set(published)].filter((name) => !views.has(name)).toSorted(byName)
