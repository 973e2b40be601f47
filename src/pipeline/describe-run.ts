import type { DescribedStatement } from '../engine/engine.ts'
import { isCounted, totalsQuery } from '../engine/totals.ts'
import { formatAddress } from '../sql/identifiers.ts'
import { publishStatements } from '../state/publications.ts'
import { registerStatement } from '../state/relations.ts'
import { describeHistory } from './describe-history.ts'
import { aimTotals, lateTotals } from './aim-totals.ts'
import { aimAtNew } from './aim.ts'
import { counterexamples, planDeclaredTests, screeningQuery } from './declared-tests.ts'
import { plannedViews, type Run } from './run.ts'
import { viewToBuild } from './view-to-build.ts'

export type DescribedRun = Pick<
  Run,
  'id' | 'project' | 'graph' | 'plan' | 'publications' | 'leftovers' | 'engine' | 'state' | 'clock'
>

/** Every statement that a run of this plan would send, in order. */
export async function describeRun(run: DescribedRun): Promise<DescribedStatement[]> {
  const rebuilt = new Set(run.plan.views.map((view) => view.name))
  const history = await describeHistory(run)
  if (rebuilt.size === 0) return [...history.before, ...history.after]
  const views = run.plan.views.map(({ name }) => viewToBuild(run, name, rebuilt))
  const statements = await run.engine.describe(views, {
    runId: run.id,
    oneInstant: run.project.settings.oneInstant,
    fillTables: run.project.settings.fillTables,
    leftovers: run.leftovers,
    register: (relation) => registerStatement(run.state, relation),
    bookkeeping: publishStatements(run.state, run.id, [...rebuilt]),
  })
  const swapAt = statements.findIndex((statement) => statement.stage === 'swap')
  return [
    ...history.before,
    ...statements.toSpliced(swapAt, 0, ...describeTests(run, rebuilt)),
    ...history.after,
  ]
}

function describeTests(run: DescribedRun, rebuilt: ReadonlySet<string>): DescribedStatement[] {
  const address = (name: string): string => {
    const view = run.project.views.get(name)
    if (view === undefined) return name
    return formatAddress(run.engine.addressOf(view, rebuilt.has(name) ? 'new' : 'live'))
  }
  return plannedViews(run).flatMap((view) => {
    const { screened, single } = planDeclaredTests(view, true)
    const file = view.tests
    // Where rows are counted, that looks for what is screened too.
    const isScreened = screened.length > 0 && !isCounted(view.settings)
    const late = lateTotals(view, run.project)
    const totals = aimTotals(view, rebuilt, run, (total) => late.has(total))
    const statements = [
      ...(isScreened ? [screeningQuery(screened, address(view.name), run.engine.name)] : []),
      ...single.map((test) => counterexamples(test, address(view.name), address, run.engine.name).sql),
      ...(file === null
        ? []
        : file.statements.map((statement) => aimAtNew(file, statement, rebuilt, run).text)),
      ...(late.size === 0 ? [] : [totalsQuery(totals)]),
    ]
    return statements.map((sql): DescribedStatement => ({ stage: 'test', view: view.name, sql }))
  })
}
