import { execFile } from 'node:child_process'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { databaseUrl } from '../../src/demo/database-url.ts'
import { dropGrants, setUpGrants } from '../../src/demo/grants-setup.ts'
import { startEvents, type Events } from '../../src/demo/start-events.ts'
import { declaredIndexes } from '../../src/engine/postgres/statements/indexes.ts'
import { counterexamples } from '../../src/pipeline/declared-tests.ts'
import { buildGraph } from '../../src/graph/build-graph.ts'
import { loadProject } from '../../src/project/load-project.ts'
import type { View } from '../../src/project/view.ts'
import { formatAddress } from '../../src/sql/identifiers.ts'
import type { Span } from '../../src/sql/parser.ts'
import { loadPostgresParser } from '../../src/sql/postgres/postgres-parser.ts'
import { printTable } from '../prove/table.ts'
import { runDuro } from '../support/cli.ts'
import { query } from '../support/client.ts'
import { repositoryRoot } from '../support/repository-root.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'

const scale = Number(process.env['DURO_BENCH_SCALE'] ?? 200_000)
const rounds = Number(process.env['DURO_BENCH_ROUNDS'] ?? 5)
const target = 'duro_bench_grants'

interface Measured {
  name: string
  seconds: number[]
}

const measured: Measured[] = [
  { name: 'psql, one after another', seconds: [] },
  { name: 'psql, with statistics, totals and tests', seconds: [] },
  { name: 'duro refresh, concurrency: 1', seconds: [] },
  { name: 'duro refresh, concurrency: 2', seconds: [] },
]

let folder = ''
let scripts = { creating: '', checking: '' }
let events: Events
const url = (): string => databaseUrl(inject('adminUrl'), target)

beforeAll(async () => {
  await dropGrants(inject('adminUrl'), { target }).catch(() => undefined)
  await setUpGrants(inject('adminUrl'), { scale, target })
  events = await startEvents(scale)
  folder = await makeTemporaryFolder('bench')
  await cp(join(repositoryRoot, 'fixtures', 'grants'), folder, { recursive: true })
  await byDuro(2, [])
  const { creating, checking } = await statementsByHand(folder)
  scripts = { creating: join(folder, 'create.sql'), checking: join(folder, 'create-and-check.sql') }
  await writeFile(scripts.creating, creating)
  await writeFile(scripts.checking, creating + checking)
}, 600_000)

afterAll(async () => {
  await events.stop()
  await dropGrants(inject('adminUrl'), { target })
  const base = median(measured[0]?.seconds ?? [])
  printTable(
    `nine views over ${scale.toLocaleString('en')} donations, ${rounds} rounds in turn`,
    ['', 'seconds (median)', 'min', 'max', 'ratio to psql'],
    measured.map(({ name, seconds }) => [
      name,
      median(seconds).toFixed(2),
      Math.min(...seconds).toFixed(2),
      Math.max(...seconds).toFixed(2),
      (median(seconds) / base).toFixed(2),
    ]),
  )
})

test('a refresh costs little more than the same statements, and less with two at once', async () => {
  for (let round = 0; round < rounds; round++) {
    measured[0]?.seconds.push(await timed(() => byHand(scripts.creating)))
    measured[1]?.seconds.push(await timed(() => byHand(scripts.checking)))
    measured[2]?.seconds.push(await timed(() => byDuro(1)))
    measured[3]?.seconds.push(await timed(() => byDuro(2)))
  }
  const [psql = NaN, , one = NaN, two = NaN] = measured.map(({ seconds }) => median(seconds))
  expect(one / psql).toBeLessThanOrEqual(1.3)
  expect(two / psql).toBeLessThan(1)
})

/**
 * What a person would type: each view and its indexes, upstream first, in schemas that are empty; and what duro does with
 * each of them besides.
 */
async function statementsByHand(root: string): Promise<{ creating: string; checking: string }> {
  const project = await loadProject(root, { parser: await loadPostgresParser(), env: {} })
  const { order } = buildGraph(project)
  // The rows of a view with a feed come from elsewhere, and are there before anything is measured.
  const views = order.flatMap((name) => project.views.get(name) ?? []).filter(({ feed }) => feed === null)
  return { creating: script(views.flatMap(create)), checking: script(views.flatMap(check)) }
}

const script = (statements: readonly string[]): string => statements.map((each) => `${each};\n`).join('')

const relationOf = ({ schema, relation }: View): string => formatAddress({ schema, name: relation })

const slice = (text: string, { start, end }: Span): string => text.slice(start, end)

function create(view: View): string[] {
  const { text, statement } = view.file
  return [
    `create materialized view ${relationOf(view)} as\n${slice(text, statement.span)}`,
    ...declaredIndexes(relationOf(view), view, []).map((index) => index.create),
  ]
}

function check(view: View): string[] {
  const { settings, tests } = view
  const totals = ['count(*)', ...Object.values(settings.totals)].join(', ')
  return [
    `analyze ${relationOf(view)}`,
    `select ${totals} from ${relationOf(view)}`,
    ...(tests?.statements ?? []).map(({ span }) => slice(tests?.text ?? '', span)),
    ...settings.tests.map((declared) => counterexamples(declared, relationOf(view), (name) => name).sql),
  ]
}

async function byHand(file: string): Promise<void> {
  await dropViews()
  const began = performance.now()
  await promisify(execFile)('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', '-f', file, url()], {
    env: { ...process.env, PGOPTIONS: '-c search_path=grants,public' },
  })
  took = performance.now() - began
}

async function byDuro(
  concurrency: number,
  flags = ['--exclude', 'leaderboard.imported_events'],
): Promise<void> {
  await writeFile(join(folder, 'duro.yaml'), `default_schema: grants\nconcurrency: ${concurrency}\n`)
  await dropViews()
  const began = performance.now()
  const ran = await runDuro(['--database', url(), '--quiet', 'refresh', '--force', ...flags], {
    cwd: folder,
    env: events.env,
  })
  took = performance.now() - began
  expect(ran.code, ran.stderr).toBe(0)
}

/** Milliseconds of the last run, without the clearing away before it. */
let took = 0

async function timed(work: () => Promise<void>): Promise<number> {
  await work()
  return took / 1000
}

async function dropViews(): Promise<void> {
  const views = await query<{ name: string }>(
    url(),
    `select format('%I.%I', schemaname, matviewname) as name from pg_matviews`,
  )
  if (views.length > 0)
    await query(url(), `drop materialized view ${views.map((view) => view.name).join(', ')}`)
  await query(url(), 'checkpoint')
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[sorted.length >> 1] ?? NaN
}
