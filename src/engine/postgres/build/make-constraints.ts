import { explainFailure } from '../sql-error.ts'
import { constraintStatements, identityStatement, notNullStatement } from '../statements/constraints.ts'
import type { Work } from './work.ts'

/**
 * The constraints of the live table. They are made once the rows are there, in one pass each; foreign keys follow at
 * the swap, when the names that they refer to are right.
 */
export async function makeConstraints(
  work: Work,
  columns: readonly string[],
): Promise<{ notices: readonly string[] }> {
  if (work.kind !== 'table' || work.alike === null) return { notices: [] }
  const notices: string[] = []
  for (const column of work.alike.columns) {
    if (!columns.includes(column.name)) continue
    if (column.generated)
      notices.push(`column ${column.name} was generated, and now holds what the select gives`)
    if (column.notNull)
      await attempt(work, `not null of ${column.name}`, notNullStatement(work.target, column.name))
  }
  for (const { name, identity } of work.alike.columns) {
    if (identity === null || !columns.includes(name)) continue
    await attempt(work, `the identity of ${name}`, identityStatement(work.target, name, identity))
  }
  for (const constraint of work.alike.constraints) {
    const lost = constraint.columns.filter((column) => !columns.includes(column))
    if (lost.length > 0) notices.push(`constraint ${constraint.name} is lost with column ${lost.join(', ')}`)
    else
      await attempt(
        work,
        `constraint ${constraint.name}`,
        constraintStatements(work.target, constraint).join(';\n'),
      )
  }
  return { notices }
}

async function attempt(work: Work, what: string, statement: string): Promise<void> {
  try {
    await work.session.query(statement)
  } catch (error) {
    const { view } = work.input
    throw explainFailure(error, {
      code: 'build',
      what: `${what} of ${view.name} does not hold`,
      file: view.file,
    })
  }
}
