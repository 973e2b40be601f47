import { appendTo } from '../../../append-to.ts'
import { toError } from '../../../errors.ts'
import type { ViewName } from '../../../project/view.ts'
import { formatAddress, viewName, type Address } from '../../../sql/identifiers.ts'
import type { SqlParser } from '../../../sql/parser.ts'
import { rewrite } from '../../../sql/rewrite.ts'
import { compareColumns, describeChange, type Column } from '../../compare-columns.ts'
import type { Dependent } from '../catalog/dependents.ts'
import { readColumns, readWithColumns } from '../catalog/relations.ts'
import type { Session } from '../connection/session.ts'
import { runSteps, type Step } from './run-steps.ts'

/**
 * Which views cannot be made again on the new columns: each definition is pointed at the new relations and tried out.
 * The swap replaces it in place, for which its own columns have to stay as they are.
 * @param make makes the new relations
 * @param made where they are then, by the name of their view
 * @returns complaints, by the object id of the live relation
 */
export async function tryDependents(
  session: Session,
  dependents: readonly Dependent[],
  make: readonly Step[],
  made: ReadonlyMap<ViewName, Address>,
  parser: SqlParser,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const broken = new Map<number, string[]>()
  if (dependents.length === 0) return broken
  const complain = ({ relation }: Dependent, complaint: string): void => {
    appendTo(broken, relation, complaint)
  }
  const columns = await readColumns(
    session,
    dependents.map(({ id }) => id),
  )
  const trials = dependents.map((dependent) =>
    tryOne(session, dependent, columns.get(dependent.id) ?? [], pointAt(dependent, made, parser)),
  )
  await runSteps(session, [...make, ...trials.map(({ step }) => step)], () => Promise.resolve())
  for (const [index, { outcome }] of trials.entries()) {
    const dependent = dependents[index]
    if (dependent !== undefined && outcome.complaint !== null) complain(dependent, outcome.complaint)
  }
  return broken
}

function pointAt({ definition }: Dependent, made: ReadonlyMap<ViewName, Address>, parser: SqlParser): string {
  const [statement] = parser.parse(definition)
  if (statement === undefined) return definition
  return rewrite(definition, statement, ({ schema, name }) =>
    schema === null ? null : (made.get(viewName({ schema, name })) ?? null),
  ).text
}

interface DependentTrial {
  step: Step
  outcome: { complaint: string | null }
}

function tryOne(
  session: Session,
  dependent: Dependent,
  before: readonly Column[],
  definition: string,
): DependentTrial {
  const outcome: DependentTrial['outcome'] = { complaint: null }
  const name = formatAddress(dependent)
  const trial = { schema: dependent.schema, name: `duro_trial_${dependent.id}` }
  const step: Step = {
    isOut: () => outcome.complaint !== null,
    run: async () => {
      await session.query(`create view ${formatAddress(trial)} as\n${definition}`)
      const tried = (await readWithColumns(session, [trial])).get(formatAddress(trial))
      const changes = compareColumns(before, tried?.columns ?? [])
      if (changes.length > 0)
        outcome.complaint = `view ${name} would get other columns: ${changes.map(describeChange).join(', ')}`
    },
    refuse: (error) => {
      outcome.complaint = `view ${name} would break: ${toError(error).message}`
    },
  }
  return { step, outcome }
}
