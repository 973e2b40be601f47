import type { Emit } from '../events.ts'
import type { ViewName } from '../project/view.ts'

/** They stay live, and grow old, and nothing else would say so. */
export function reportRemoved(views: readonly ViewName[], emit: Emit): void {
  if (views.length === 0) return
  const files = views.length === 1 ? 'the file' : 'the files'
  emit({
    type: 'warning',
    message: `no longer in the folder, and still in the database: ${views.join(', ')}; duro cleanup --removed drops what nobody needs, else bring ${files} back`,
  })
}
