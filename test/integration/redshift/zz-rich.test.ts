import { expect, test } from 'vitest'
import { writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { makeRedshiftWorld, redshiftYaml } from '../../support/redshift/redshift-world.ts'
import { ensureGroups } from '../../support/redshift/relations.ts'
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
test('rich', async () => {
  const world = await makeRedshiftWorld([
    'create schema src', 'create schema a', 'create schema b', 'create table src.t (id int, n int, t varchar(100), s super)', "insert into src.t values (1, 10, 'x', json_parse('{\"a\": 1}'))",
  ], {
    'duro.yaml': redshiftYaml,
    'views/a/cities.sql': "select id, n, t, 'it\\'s; -- ü' as q from src.t -- the end",
    'views/a/cities.yaml': "diststyle: key\ndistkey: id\nsortkey: [id, n]\ngrant_select: [group readers, public]\ndescription: |\n  It's a \\ thing; -- x\n  two lines\ncolumns: { id: \"the 'id'\", n: 'b\\s' }\nsnapshots_interval: 1d\ntotals: { n: 'sum(n)' }\ntests: { not_null: [id], unique: [[id]], accepted_values: { t: ['x', \"it's\"] } }",
    'views/a/plain.sql': 'select a.cities.id from a.cities; -- x',
    'views/a/plain.yaml': 'materialized: none',
    'views/b/cities.sql': 'select a.cities.id, c.n from a.cities join a.plain using (id) left join src.t c on c.id = plain.id qualify row_number() over (order by a.cities.id) = 1',
    'views/b/cities.yaml': 'tests: { relationships: { id: a.cities.id } }\nsortkey: { interleaved: [id] }\nbackup: false',
    'views/b/cities_test.sql': 'select count(*) = 1 from b.cities; select true',
    'views/b/loaded.sql': "create table b.loaded (id int encode az64, t varchar(max) default 'x;y') diststyle even compound sortkey(id)",
    'views/b/loaded_select.sql': 'select id, t from a.cities',
    'views/b/loaded.yaml': "processor: [node, copy.mjs, \"x\\ny; drop\"]\nsnapshots_interval: 1d",
    'views/b/copy.mjs': "import { copyFileSync } from 'node:fs'\ncopyFileSync(process.argv.at(-2), process.argv.at(-1))\n",
  })
  await ensureGroups(world, 'readers')
  const p0 = await world.duro(['plan', '--sql', '--json', '--force'], {})
  if (p0.error) { console.log(p0.error); }
  writeFileSync('/tmp/r6b/plan0.json', p0.stdout)
  const env = {}
  const r = await world.duro(['refresh', '--exclude', 'b.loaded'], { env })
  console.log(r.error, JSON.stringify(r.events.filter((e: any) => /fail/.test(e.type))))
  await world.sql('create view a.outside as select id from a.cities', 'create table b.loaded (id int, t varchar(100))', 'grant select on a.cities to group readers with grant option').catch((e) => console.log(e.message))
  await world.sql('drop table b.loaded')
  await world.project.update({ 'duro.yaml': `${redshiftYaml}s3:\n  bucket: bu\n  region: eu-west-1\n  access_key_id: AKIAIOSFODNN7EXAMPLE\n  secret_access_key: ${secret}\n  session_token: FwoGZXIvYXdzEXAMPLETOKEN\n` })
  const p1 = await world.duro(['plan', '--sql', '--json', '--force'], {})
  writeFileSync('/tmp/r6b/plan1.json', p1.stdout)
  const t = await world.duro(['plan', '--sql', '--force'], { json: false } as never)
  writeFileSync('/tmp/r6b/plan1.txt', t.stdout)
  const root = (world.project as any).root
  const out = spawnSync('node', [process.cwd() + '/bin/duro.js', 'plan', '--sql', '--force', '--database', world.url], { cwd: root, encoding: 'utf8', timeout: 1000 })
  console.log(root, Object.keys(world.project), world.url, out.status)
  for (const text of [p0.stdout, p1.stdout, t.stdout]) for (const s of [secret, 'AKIAIOSFODNN7EXAMPLE', 'FwoGZXIvYXdzEXAMPLETOKEN']) expect(text.includes(s)).toBe(false)
})
