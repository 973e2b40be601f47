import type { Rewritten } from '../sql/rewrite.ts'
import type { UserStatement } from './explain-failure.ts'

/** To have a select planned, which shows what is wrong with it where the user wrote it. */
export const explaining = (sql: Rewritten, explain = 'explain'): UserStatement => ({
  sql,
  text: `${explain}\n${sql.text}`,
  selectStart: explain.length + 1,
})
