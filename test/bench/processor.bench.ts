import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { databaseUrl } from '../../src/demo/database-url.ts'
import { makeDatabase } from '../../src/demo/make-database.ts'
import { quoteIdentifier } from '../../src/sql/identifiers.ts'
import { printTable } from '../prove/table.ts'
import { startDuro } from '../support/cli.ts'
import { query } from '../support/client.ts'
import { writeProject, type TestProject } from '../support/project.ts'

const rows = Number(process.env['DURO_BENCH_ROWS'] ?? 10_000_000)
const rounds = Number(process.env['DURO_BENCH_ROUNDS'] ?? 3)
const target = 'duro_bench_processor'
const megabytes = 1 << 20

let project: TestProject
const url = (): string => databaseUrl(inject('adminUrl'), target)
const measured = { psql: [] as number[], duro: [] as number[], build: [] as number[], peak: [] as number[] }

const columns = 'id integer, name text, amount numeric, at timestamptz'
const select = 'select id, name, amount, at from source'

beforeAll(async () => {
  await dropDatabase()
  await makeDatabase(inject('adminUrl'), target)
  await query(
    url(),
    `create unlogged table source as
     select i as id, case when i % 7 > 0 then 'name ' || i end as name, i * 0.25 as amount,
            timestamptz '2026-01-01' + i * interval '1 second' as at
     from generate_series(1, ${rows}) i;
     analyze source`,
  )
  project = await writeProject({
    'views/first/copied_select.sql': select,
    'views/first/copied — 1h.sql': `create table copied (${columns})`,
    // As good as nothing, so that what is measured are the two transfers.
    'views/first/copied.yaml': 'processor: [ln]',
  })
}, 3_600_000)

afterAll(async () => {
  await project.cleanup()
  await dropDatabase()
  printTable(
    `${rows.toLocaleString('en')} rows out as CSV and in again, ${rounds} rounds in turn`,
    ['', 'seconds (median)', 'min', 'max'],
    [
      ['psql, \\copy to and \\copy from', ...seconds(measured.psql)],
      ['the build of a view with a processor', ...seconds(measured.build)],
      ['the whole of duro refresh', ...seconds(measured.duro)],
    ],
  )
  printTable(
    'of duro',
    ['', ''],
    [
      ['throughput to that of psql', (median(measured.psql) / median(measured.build)).toFixed(2)],
      ['peak memory', `${Math.round(Math.max(...measured.peak) / megabytes)} MB`],
    ],
  )
})

test('a processor costs little more than two transfers with psql, and no memory', async () => {
  for (let round = 0; round < rounds; round++) {
    measured.psql.push(await timed(byHand))
    measured.duro.push(await timed(byDuro))
  }
  expect(median(measured.psql) / median(measured.build)).toBeGreaterThanOrEqual(0.8)
  // Elsewhere than on Linux nobody has looked: 0.
  expect(Math.max(...measured.peak)).toBeLessThan(200 * megabytes)
})

/** What the build of a view does with the rows: out, in frozen, statistics. */
async function byHand(): Promise<void> {
  const file = join(project.root, 'rows.csv')
  const script = join(project.root, 'by-hand.sql')
  await writeFile(
    script,
    `\\copy (${select}) to '${file}' (format csv, header)
     begin;
     drop table if exists by_hand;
     create table by_hand (${columns});
     \\copy by_hand from '${file}' (format csv, header, freeze)
     analyze by_hand;
     commit;`.replaceAll(/^ +/gm, ''),
  )
  await promisify(execFile)('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', '-f', script, url()])
}

async function byDuro(): Promise<void> {
  const running = startDuro(['refresh', '--force', '--quiet', '--database', url()], { cwd: project.root })
  let peak = 0
  const look = setInterval(() => {
    void readPeak(running.pid).then((bytes) => (peak = Math.max(peak, bytes)))
  }, 100)
  const { code, stderr } = await running.result
  clearInterval(look)
  if (code !== 0) throw new Error(stderr)
  measured.peak.push(peak)
  const [last] = await query<{ build: number }>(
    url(),
    'select build_duration::float8 as build from duro.view_runs order by run_began_at desc limit 1',
  )
  measured.build.push((last?.build ?? NaN) / 1000)
}

/** The most memory that a process has had so far, as Linux counts it. */
async function readPeak(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid ?? 0}/status`, 'utf8').catch(() => '')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}

async function timed(work: () => Promise<void>): Promise<number> {
  await query(url(), 'checkpoint')
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

async function dropDatabase(): Promise<void> {
  await query(inject('adminUrl'), `drop database if exists ${quoteIdentifier(target)} with (force)`)
}

function seconds(values: readonly number[]): string[] {
  return [median(values), Math.min(...values), Math.max(...values)].map((value) => value.toFixed(2))
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? NaN
}
