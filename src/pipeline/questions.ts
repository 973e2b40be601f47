import type { Question } from '../engine/engine.ts'
import { isCounted, totalsQuery } from '../engine/totals.ts'
import type { TestFile, View } from '../project/view.ts'
import type { ParsedStatement } from '../sql/parser.ts'
import { formatAddress } from '../sql/identifiers.ts'
import { aimTotals } from './aim-totals.ts'
import { aimAtNew } from './aim.ts'
import { counterexamples, type CounterexampleQuery } from './declared-tests.ts'
import type { DeclaredTest } from '../project/view-settings.ts'
import { relationOf, type Aim } from './test-context.ts'

/** Everything that a run asks of the new version of a view: its data tests, and its totals. */
export function questionsOf(view: View, aim: Aim): Question[] {
  const { tests, settings } = view
  const { relation, aggregates } = aimTotals(view, aim.rebuilt, aim)
  const totals = isCounted(settings) ? Object.entries(aggregates) : []
  return [
    ...(tests?.statements ?? []).flatMap((statement, index) =>
      tests === null ? [] : [statementQuestion(tests, statement, index, aim)],
    ),
    ...settings.tests.map((test) => {
      const { name, sql } = counterexampleQuery(test, view, aim)
      return declaredQuestion(view, name, sql, view.places.tests.get(test.kind))
    }),
    ...totals.map(([name, aggregate]) =>
      plainQuestion(
        `the total ${name} of ${view.name} could not be computed`,
        totalsQuery({ relation, aggregates: { [name]: aggregate } }),
        view.places.totals.get(name),
      ),
    ),
  ]
}

/** @param index of the statement in its file, from 0 */
export function statementQuestion(
  file: TestFile,
  statement: ParsedStatement,
  index: number,
  aim: Aim,
): Question {
  return {
    label: `statement ${index + 1} could not be run`,
    file,
    statement,
    sql: aimAtNew(file, statement, aim.rebuilt, aim),
  }
}

export function counterexampleQuery(test: DeclaredTest, view: View, aim: Aim): CounterexampleQuery {
  const resolve = (name: string): string => {
    const managed = aim.project.views.get(name)
    if (managed !== undefined) return relationOf(managed, aim)
    const dot = name.indexOf('.')
    return formatAddress({ schema: name.slice(0, dot), name: name.slice(dot + 1) })
  }
  return counterexamples(test, relationOf(view, aim), resolve, aim.engine.name)
}

/** @param what of which test, or of all of them */
export const declaredQuestion = (
  view: View,
  what: string,
  sql: string,
  place?: Question['place'],
): Question => plainQuestion(`the test ${what} of ${view.name} could not be run`, sql, place)

/** One that duro has written. */
const plainQuestion = (label: string, sql: string, place?: Question['place']): Question => ({
  label,
  file: null,
  statement: null,
  place,
  sql: { text: sql, toSource: () => 0 },
})
