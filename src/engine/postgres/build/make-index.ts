import type { ViewToBuild } from '../../builder.ts'
import type { Session } from '../connection/session.ts'
import { explainFailure } from '../sql-error.ts'
import type { IndexToCreate } from '../statements/indexes.ts'

export async function makeIndex(
  { view }: ViewToBuild,
  session: Session,
  index: IndexToCreate,
): Promise<void> {
  try {
    await session.query([index.create, ...index.after].join(';\n'))
  } catch (error) {
    const own = view.indexNames.own.find(({ name }) => name === index.name)
    throw explainFailure(error, {
      code: 'build',
      what: `index ${index.name} of ${view.name} could not be built`,
      file: view.file,
      place: own?.place,
    })
  }
}
