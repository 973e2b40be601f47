import type { Rewritten } from '../../../sql/rewrite.ts'
import { explaining } from '../../explaining.ts'
import type { UserStatement } from '../../explain-failure.ts'

/** With an option, since a select in parentheses would be taken for some. */
export const explainingAny = (sql: Rewritten): UserStatement => explaining(sql, 'explain (costs off)')
