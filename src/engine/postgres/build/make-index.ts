import type { Session } from '../connection/session.ts'
import { explainFailure } from '../sql-error.ts'
import type { IndexToCreate } from '../statements/indexes.ts'
import type { Work } from './work.ts'

/** On a session of the work, which may be another one than its own. */
export async function makeIndex(work: Work, session: Session, index: IndexToCreate): Promise<void> {
  try {
    await session.query([index.create, ...index.after].join(';\n'))
  } catch (error) {
    const { view } = work.input
    throw explainFailure(error, {
      code: 'build',
      what: `index ${index.name} of ${view.name} could not be built`,
      file: view.file,
    })
  }
}
