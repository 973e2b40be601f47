import type { StatementFile, View } from '../../../project/view.ts'
import type { Rewritten } from '../../../sql/rewrite.ts'
import type { ViewToBuild } from '../../builder.ts'

/** The statement of a user in which a view names what it reads. */
export const selectOf = ({ file, feed }: View): StatementFile =>
  feed?.kind === 'processor' ? feed.select : file

/** The same as it is run; null: there is none, as an import reads nothing. */
export const aimedSelect = ({ sql, feed }: ViewToBuild): Rewritten | null =>
  feed === null ? sql : (feed.input?.sql ?? null)
