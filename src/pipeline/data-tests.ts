import type { Row } from '../engine/engine.ts'
import type { Counted } from '../engine/totals.ts'
import type { TestFailure } from '../events.ts'
import type { TestFile, View } from '../project/view.ts'
import type { ParsedStatement } from '../sql/parser.ts'
import { locate } from '../sql/locate.ts'
import { statementQuestion } from './questions.ts'
import { runDeclaredTests } from './run-declared-tests.ts'
import { failureOf, sampleSize, type TestContext } from './test-context.ts'

/**
 * Runs all data tests of one view, declared ones first.
 * @param violated of a new version whose rows have been counted
 * @returns what did not hold
 */
export async function testView(
  view: View,
  context: TestContext,
  violated: Counted['violated'] = null,
): Promise<TestFailure[]> {
  const failures: (TestFailure | null)[] = []
  failures.push(...(await runDeclaredTests(view, context, violated)))
  for (const [index, statement] of (view.tests?.statements ?? []).entries()) {
    if (view.tests !== null) failures.push(await runStatement(view.tests, statement, index, context))
  }
  return failures.filter((failure) => failure !== null)
}

/** Every column of every row has to be true; a select that gives no row has shown nothing. */
async function runStatement(
  file: TestFile,
  statement: ParsedStatement,
  index: number,
  context: TestContext,
): Promise<TestFailure | null> {
  const failure = {
    test: `statement ${index + 1}`,
    file: file.path,
    line: locate(file.text, statement.span.start).line,
  }
  let rows = 0
  const samples: Row[] = []
  try {
    await context.engine.ask(
      statementQuestion(file, statement, index, context),
      (row) => {
        rows += 1
        if (Object.values(row).every((value) => value === true)) return 'go on'
        return samples.push(row) < sampleSize ? 'go on' : 'stop'
      },
      context.signal,
    )
  } catch (error) {
    return { ...failure, ...failureOf(error, context) }
  }
  if (rows === 0)
    return { ...failure, message: 'it gave no row, and so tested nothing', samples: [], error: null }
  const [first] = samples
  if (first === undefined) return null
  return { ...failure, message: describeUntrue(first), samples, error: null }
}

function describeUntrue(row: Row): string {
  const untrue = Object.entries(row).filter(([, value]) => value !== true)
  const said = untrue.map(([column, value]) => `${column} is ${show(value)}`)
  const isOdd = untrue.some(([, value]) => value !== null && value !== false)
  return `${said.join(', ')}${isOdd ? ', and only true counts as true' : ''}`
}

/** As the driver gave it: text and numbers as they are, the rest as JSON. Of a long one the beginning tells enough. */
function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}

const longestShown = 200
