import type { Engine, Question, Row } from '../engine/engine.ts'
import { SqlError } from '../errors.ts'
import type { TestFailure } from '../events.ts'
import type { Project } from '../project/project.ts'
import type { TestFile, View, ViewName } from '../project/view.ts'
import type { ParsedStatement } from '../sql/parser.ts'
import { formatAddress } from '../sql/identifiers.ts'
import { locate } from '../sql/locate.ts'
import { aimAtNew } from './aim.ts'
import { counterexamples } from './declared-tests.ts'
import { viewOf } from './run.ts'

/** How many rows that do not hold are shown. */
const sampleSize = 5

export interface TestContext {
  project: Project
  engine: Engine
  /** The views whose new versions are tested; of all others the live ones are read. */
  rebuilt: ReadonlySet<ViewName>
  signal: AbortSignal
}

/** Runs all data tests of one view, declared ones first. @returns what did not hold */
export async function testView(view: View, context: TestContext): Promise<TestFailure[]> {
  const failures: (TestFailure | null)[] = []
  for (const test of view.settings.tests) failures.push(await runDeclared(view, test, context))
  for (const [index, statement] of (view.tests?.statements ?? []).entries()) {
    if (view.tests !== null) failures.push(await runStatement(view.tests, statement, index, context))
  }
  return failures.filter((failure) => failure !== null)
}

async function runDeclared(
  view: View,
  test: View['settings']['tests'][number],
  context: TestContext,
): Promise<TestFailure | null> {
  const query = counterexamples(test, relationOf(view, context), (name) => {
    const managed = context.project.views.get(name)
    if (managed !== undefined) return relationOf(managed, context)
    const dot = name.indexOf('.')
    return formatAddress({ schema: name.slice(0, dot), name: name.slice(dot + 1) })
  })
  const samples: Row[] = []
  const failure = { test: query.name, file: null, line: null }
  try {
    await context.engine.ask(
      {
        label: `the test ${query.name} of ${view.name} could not be run`,
        file: null,
        statement: null,
        sql: verbatim(query.sql),
      },
      (row) => (samples.push(row) < sampleSize ? 'go on' : 'stop'),
      context.signal,
    )
  } catch (error) {
    return { ...failure, message: messageOf(error, context), samples: [], error: sqlErrorOf(error) }
  }
  return samples.length === 0 ? null : { ...failure, message: query.complaint, samples, error: null }
}

const verbatim = (text: string) => ({ text, toSource: () => 0 })

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
  const question: Question = {
    label: `${failure.test} could not be run`,
    file,
    statement,
    sql: aimAtNew(file, statement, context.rebuilt, context),
  }
  let rows = 0
  const samples: Row[] = []
  try {
    await context.engine.ask(
      question,
      (row) => {
        rows += 1
        if (Object.values(row).every((value) => value === true)) return 'go on'
        return samples.push(row) < sampleSize ? 'go on' : 'stop'
      },
      context.signal,
    )
  } catch (error) {
    return { ...failure, message: messageOf(error, context), samples: [], error: sqlErrorOf(error) }
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

/** As the driver gave it: text and numbers as they are, the rest as JSON. */
const show = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')

function relationOf(view: View, { engine, rebuilt, project }: TestContext): string {
  const place = rebuilt.has(view.name) ? 'new' : 'live'
  return formatAddress(engine.addressOf(viewOf({ project }, view.name), place))
}

function messageOf(error: unknown, { signal }: TestContext): string {
  signal.throwIfAborted()
  // A broken connection is no test result.
  if (!(error instanceof SqlError)) throw error
  return error.message
}

const sqlErrorOf = (error: unknown): SqlError | null => (error instanceof SqlError ? error : null)
