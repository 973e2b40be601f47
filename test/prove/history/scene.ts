import { startDuro } from '../../support/cli.ts'
import { createDatabase, query, withDatabase } from '../../support/database.ts'
import { duro } from '../../support/duro.ts'
import { writeProject } from '../../support/project.ts'
import { startProxy } from '../crash/proxy.ts'
import { faultOf, type Kind, type StrikeTarget } from '../crash/strike.ts'

/** Views with a history, published again by every refresh. */
const project = {
  'duro.yaml': 'defaults: { snapshots_interval: 1s, snapshots_stored_for: 30d }\n',
  'views/first/base — 1h.sql': 'select version, id from public.source',
}
const views = ['first.base']
const sources = 'create table public.source as select 1 as version, id from generate_series(1, 50) as id'

export interface HistoryScene extends StrikeTarget {
  root: string
  proxiedUrl: string
  /** Brings the database to where the refresh starts from. */
  prepare: () => Promise<void>
  /** What an undisturbed refresh sends from where it looks for what is due. */
  statements: readonly string[]
  close(): Promise<void>
}

/** The copy that makes the table, or one after which an old one is pruned. */
export type WhichCopy = 'first' | 'later'

export async function openHistoryScene(which: WhichCopy): Promise<HistoryScene> {
  const database = await createDatabase()
  const { url } = database
  const { hostname: host, port } = new URL(url)
  const proxy = await startProxy(() => ({ host, port: Number(port) || 5432 }))
  const proxied = new URL(url)
  proxied.host = `127.0.0.1:${proxy.port}`
  const written = await writeProject(project)
  const { root } = written
  await query(url, sources)
  await duro({ root }, url, ['refresh'])
  const prepare = (): Promise<void> => (which === 'first' ? forget(url) : makeOld(url))
  const scene = { root, url, proxy, proxiedUrl: withDatabase(proxied.href, database.name), prepare }
  return {
    ...scene,
    statements: await listStatements(scene),
    close: async () => {
      await proxy.close()
      await written.cleanup()
      await database.drop()
    },
  }
}

async function listStatements(scene: Omit<HistoryScene, 'statements' | 'close'>): Promise<string[]> {
  await scene.prepare()
  scene.proxy.arm(null)
  const { code, stderr } = await start(scene).result
  if (code !== 0) throw new Error(`an undisturbed run ended with ${code}:\n${stderr}`)
  const { passed } = scene.proxy
  return passed.slice(passed.findLastIndex((statement) => statement.includes('"outcome" is null')))
}

const start = ({
  root,
  proxiedUrl,
}: Pick<HistoryScene, 'root' | 'proxiedUrl'>): ReturnType<typeof startDuro> =>
  startDuro(['refresh', '--force', '--wait', '30s'], { cwd: root, env: { DATABASE_URL: proxiedUrl } })

/** As if no copy had ever been written. */
async function forget(url: string): Promise<void> {
  const tables = views.map((view) => `${view}_history`).join(', ')
  await query(
    url,
    `drop table if exists ${tables}; delete from duro.snapshots; delete from duro.history_tables`,
  )
}

/** Makes the oldest copy of each view older than it may be, and the newest so old that another one is due. */
async function makeOld(url: string): Promise<void> {
  for (const view of views) {
    await query(
      url,
      `do $$
       declare oldest timestamptz;
       begin
         update duro.snapshots set taken_at = taken_at - interval '1 minute' where view = '${view}';
         update ${view}_history set snapshot_timestamp = snapshot_timestamp - interval '1 minute';
         select min(taken_at) into oldest from duro.snapshots where view = '${view}';
         update duro.snapshots set taken_at = oldest - interval '40 days' where view = '${view}' and taken_at = oldest;
         update ${view}_history set snapshot_timestamp = oldest - interval '40 days' where snapshot_timestamp = oldest;
       end $$`,
    )
  }
}

/** Ends a refresh at a statement, lets the next one run, which has no other work, and looks at what is kept. */
export async function strikeHistory(scene: HistoryScene, at: string, kind: Kind): Promise<string[]> {
  const { url, proxy, root } = scene
  await scene.prepare()
  await query(url, 'update public.source set version = version + 1')
  const running = start(scene)
  proxy.arm(faultOf(kind, at, scene, () => process.kill(running.pid, 'SIGKILL')))
  const { code, stderr } = await running.result
  const { struck } = proxy
  proxy.arm(null)
  const next = await duro({ root }, url, ['refresh', '--wait', '30s'])
  return [
    ...(struck ? [] : [`it did not come to that statement, and ended with ${code}: ${stderr}`]),
    ...(next.code === 0 ? [] : [`the next refresh: ${next.error?.message}`]),
    ...(await whatIsWrong(url)),
  ]
}

async function whatIsWrong(url: string): Promise<string[]> {
  const wrong: string[] = []
  for (const view of views) {
    const [table] = await query<{ found: boolean }>(
      url,
      `select to_regclass('${view}_history') is not null as found`,
    )
    if (table?.found !== true) {
      wrong.push(`${view}: there is no history table`)
      continue
    }
    const rows = await query<{ what: string }>(
      url,
      `with kept as (select snapshot_timestamp as time, count(*) as rows, count(distinct version) as versions,
                            count(distinct id) as ids
                     from ${view}_history group by 1),
            noted as (select * from duro.snapshots where view = '${view}')
       select 'not noted: ' || time as what from kept where time not in (select taken_at from noted where outcome = 'written')
       union all select 'noted only: ' || taken_at from noted where outcome = 'written' and taken_at not in (select time from kept)
       union all select 'not whole, or twice: ' || time || ' ' || rows from kept where rows <> 50 or ids <> 50 or versions <> 1
       union all select 'count: ' || time from kept join noted on taken_at = time where row_count is distinct from rows
       union all select coalesce(outcome, 'pending') || ': ' || taken_at from noted where outcome is distinct from 'written'
       union all select 'what is live was not copied' from duro.views
         where name = '${view}' and run_id not in (select run_id from noted)
       union all select 'other rows than what is live' where exists (
         (select version, id from ${view} except
          select version, id from ${view}_history where snapshot_timestamp = (select max(time) from kept)))`,
    )
    wrong.push(...rows.map((row) => `${view}: ${row.what}`))
  }
  return wrong
}
