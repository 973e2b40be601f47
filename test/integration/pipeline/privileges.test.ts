import { escapeIdentifier } from 'pg'
import { describe, expect, test } from 'vitest'

import { DuroError, ProblemsError, SqlError } from '../../../src/errors.ts'
import { leftovers, relationIds } from '../../support/catalog.ts'
import { usingClient } from '../../support/database.ts'
import { duro, refresh, warnings } from '../../support/duro.ts'
import { serverVersionNumber } from '../../support/pg-version.ts'
import { makeWorld, type World } from '../../support/world.ts'

const files = { 'views/first/a.sql': 'select id from raw.source' }
const sources = 'create schema raw; create table raw.source as select 1 as id'

/** A database in which a role owns the schemas of views and state, and what else is granted. */
async function worldFor(
  grants: (role: string) => string,
): Promise<{ world: World; url: string; role: string }> {
  const world = await makeWorld(sources, files)
  const role = await world.createRole("login password 'duro'")
  await world.sql(grants(role))
  return { world, role, url: world.urlFor(role, 'duro') }
}

/** @param role as SQL */
const mayCreate = (role: string): string =>
  `do $do$ begin execute format('grant create on database %I to %s', current_database(), $$${role}$$); end $do$`

const granted = (role: string): string =>
  `${mayCreate(role)}; grant usage on schema raw to ${role}; grant select on raw.source to ${role}`

describe('an ordinary role', () => {
  test('that may create schemas and read the sources needs nothing more', async () => {
    const { world, url } = await worldFor(
      (role) =>
        `${mayCreate(role)}; grant usage on schema raw to ${role}; grant select on raw.source to ${role}`,
    )
    for (const args of [['refresh'], ['refresh', '--force'], ['validate'], ['cleanup']]) {
      expect((await duro(world.project, url, args)).error).toBeNull()
    }
    expect(await world.sql('select id from first.a')).toEqual([{ id: 1 }])
    expect(await leftovers(world.url)).toEqual([])
  })

  test('may have a name that is to be quoted', async () => {
    const world = await makeWorld(sources, files)
    const role = await world.createRole("login password 'duro'", 'Duro\'s "Test" ')
    await world.sql(granted(escapeIdentifier(role)))
    for (const args of [['refresh'], ['refresh', '--force'], ['validate'], ['cleanup']]) {
      expect((await duro(world.project, world.urlFor(role, 'duro'), args)).error).toBeNull()
    }
    await world.sql(`drop owned by ${escapeIdentifier(role)} cascade`)
  })

  test('without CREATE on the database is told what an administrator has to run', async () => {
    const { world, role, url } = await worldFor(
      (name) =>
        `grant usage on schema raw to ${name}; grant select on raw.source to ${name}; create schema first`,
    )
    // The state tables first: then the shadow schemas are what is missing.
    await world.sql(`create schema duro authorization ${role}; alter schema first owner to ${role}`)
    const ran = await duro(world.project, url, ['refresh'])
    expect(ran.code).toBe(1)
    expect(ran.error).toBeInstanceOf(SqlError)
    expect(ran.error).toMatchObject({ sqlState: '42501' })
    const hint = ran.error instanceof SqlError ? String(ran.error.hint) : ''
    expect(hint).toContain('create schema first__duro_new;')
    expect(await relationIds(world.url)).not.toHaveProperty('first.a')

    // And that is enough.
    await world.sql(hint.slice(hint.indexOf('\n') + 1))
    expect((await duro(world.project, url, ['refresh'])).error).toBeNull()
    expect((await duro(world.project, url, ['refresh', '--force'])).error).toBeNull()
    expect(await world.sql('select id from first.a')).toEqual([{ id: 1 }])
  })

  test('without CREATE on the database can plan, and is told why the columns were not compared', async () => {
    const { world, url } = await worldFor(
      (role) => `grant usage on schema raw to ${role}; grant select on raw.source to ${role}`,
    )
    const ran = await duro(world.project, url, ['plan'])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toContain('1 view to build')
    expect(ran.events).toContainEqual({
      type: 'notice',
      message:
        'the columns were not compared: the role that duro connects as may not create the schemas that it needs',
    })
  })

  test('that may not read the tables of duro is told so, and no plan pretends that nothing was built', async () => {
    const { world, role, url } = await worldFor(mayCreate)
    await world.refresh()
    for (const command of ['plan', 'refresh', 'validate', 'history', 'swap', 'cleanup']) {
      const ran = await duro(world.project, url, [command])
      expect(ran.code, command).toBe(1)
      expect(ran.error, command).toMatchObject({
        code: 'preflight',
        message: expect.stringMatching(
          new RegExp(`^the role ${role} may not (read|write) duro's own tables, in the schema duro$`),
        ) as unknown,
      })
    }
  })

  test.each(['history', 'cleanup'])(
    'that may not use the tables of duro, which are of a superuser, is told what helps: %s',
    async (command) => {
      const { world, url } = await worldFor(mayCreate)
      await world.refresh()
      const { error } = await duro(world.project, url, [command])
      const hint = error instanceof DuroError ? (error.hint ?? '') : ''
      expect(hint).not.toMatch(/grant \w+ to/)
      await world.sql(/let an administrator run: (.*)$/.exec(hint)?.[1] ?? `no hint: ${hint}`)
      expect((await duro(world.project, url, [command])).error).toBeNull()
    },
  )

  test('that may not write the tables of duro is not told to become a superuser by a detour', async () => {
    const { world, url } = await worldFor(granted)
    const [superuser, other] = [
      await world.createRole('superuser'),
      await world.createRole("login password 'other'"),
    ]
    await world.sql(`${granted(other)}; grant ${superuser} to ${other}`)
    expect((await duro(world.project, world.urlFor(other, 'other'), ['refresh'])).error).toBeNull()
    const { error } = await duro(world.project, url, ['cleanup'])
    const hint = error instanceof DuroError ? (error.hint ?? '') : ''
    await world.sql(/let an administrator run: (alter schema .*)$/.exec(hint)?.[1] ?? `no hint: ${hint}`)
    expect((await duro(world.project, url, ['cleanup'])).error).toBeNull()
    await world.sql(`drop owned by ${other} cascade`)
  })

  test('that may not write the tables of duro is told to become a member of who may', async () => {
    const { world, role, url } = await worldFor(granted)
    const other = await world.createRole("login password 'other'")
    await world.sql(granted(other))
    expect((await duro(world.project, world.urlFor(other, 'other'), ['refresh'])).error).toBeNull()
    expect((await duro(world.project, url, ['cleanup'])).error).toMatchObject({
      hint: expect.stringMatching(new RegExp(`run: grant ${other} to ${role}$`)) as unknown,
    })
    await world.sql(`drop owned by ${other}, ${role} cascade`)
  })

  test('without CREATE, and without the state schema, is told so too', async () => {
    const { world, url } = await worldFor((role) => `grant usage on schema raw to ${role}`)
    const ran = await duro(world.project, url, ['refresh'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toContain('the schema duro')
    expect(ran.error).toMatchObject({
      code: 'preflight',
      hint: expect.stringContaining('create schema duro authorization') as unknown,
    })
  })

  test('without SELECT on a source is told which, and in which view', async () => {
    const { world, url } = await worldFor(
      (role) => `${mayCreate(role)}; grant usage on schema raw to ${role}`,
    )
    const ran = await duro(world.project, url, ['refresh'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toContain('first.a could not be built: permission denied for table source')
    expect(ran.error).toMatchObject({
      hint: expect.stringContaining('Grant the missing privilege') as unknown,
    })
    expect(await leftovers(world.url)).toEqual([])
  })

  test('without USAGE on the schema of a source is told which, with the place in the file', async () => {
    const { world, url } = await worldFor((role) => mayCreate(role))
    const ran = await duro(world.project, url, ['refresh'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toContain('first.a could not be built: permission denied for schema raw')
    expect(ran.error).toMatchObject({ location: { file: 'views/first/a.sql', line: 1, column: 16 } })
    expect(await leftovers(world.url)).toEqual([])
  })

  test('that is no member of the owner of a view is told to become one', async () => {
    const { world, url, role } = await worldFor(
      (
        name,
      ) => `${mayCreate(name)}; grant usage on schema raw to ${name}; grant select on raw.source to ${name};
        create schema first; create materialized view first.a as select 1 as id; grant usage, create on schema first to ${name}`,
    )
    const owner = await world.createRole('nologin')
    await world.sql(`alter materialized view first.a owner to ${owner}`)
    const before = await relationIds(world.url)
    const ran = await duro(world.project, url, ['refresh'])
    expect(ran.code).toBe(1)
    expect(ran.error).toMatchObject({
      problems: [
        {
          message: `first.a belongs to ${owner}, and the role that duro connects as is not a member of it`,
          hint: `Let an administrator run: grant ${owner} to ${role}`,
        },
      ],
    })
    expect(await relationIds(world.url)).toEqual(before)
    await world.sql(`drop owned by ${owner} cascade`)
  })

  test.each(['before it is a member', 'as a member'])(
    'that inherits nothing is told what helps (%s)',
    async (when) => {
      const { world, url, role } = await worldFor(
        (name) => `${mayCreate(name)}; alter role ${name} noinherit; grant usage on schema raw to ${name};
          grant select on raw.source to ${name}; create schema first; grant usage, create on schema first to ${name}`,
      )
      const owner = await world.createRole('nologin')
      await world.sql(`grant usage on schema raw to ${owner}; grant select on raw.source to ${owner};
        grant usage, create on schema first to ${owner}; set role ${owner};
        create materialized view first.a as select 1 as id; create view first.report as select id from first.a`)
      if (when === 'as a member') await world.sql(`grant ${owner} to ${role}`)
      const ran = await duro(world.project, url, ['refresh'])
      const hints = ran.error instanceof ProblemsError ? ran.error.problems.map(({ hint }) => hint) : []
      expect(hints).toHaveLength(2)
      for (const hint of hints)
        await world.sql(/^Let an administrator run: (.*)$/.exec(hint ?? '')?.[1] ?? 'no hint')
      expect((await duro(world.project, url, ['refresh'])).error).toBeNull()
      await world.sql(`drop owned by ${owner} cascade; drop owned by ${role} cascade`)
    },
  )
})

describe('an ordinary role and the objects of others', () => {
  test('a view of another role on one of ours is found before anything is built', async () => {
    const { world, url, role } = await worldFor(granted)
    const other = await world.createRole('nologin')
    expect((await duro(world.project, url, ['refresh'])).error).toBeNull()
    await world.sql(`grant usage on schema first to ${other}; grant select on first.a to ${other};
      create schema theirs authorization ${other}; set role ${other}; create view theirs.report as select id from first.a`)
    const ran = await duro(world.project, url, ['refresh', '--force'])
    expect(ran.error).toMatchObject({
      problems: [
        {
          message: `view theirs.report depends on first.a, and duro may not make it again on the new version: it belongs to ${other}`,
          hint: `Let an administrator run: grant ${other} to ${role}`,
        },
      ],
    })
    expect(ran.events).not.toContainEqual({ type: 'stage-started', stage: 'build' })

    // And that is enough.
    await world.sql(`grant ${other} to ${role}`)
    expect((await duro(world.project, url, ['refresh', '--force'])).error).toBeNull()
    expect(await world.sql('select id from theirs.report')).toEqual([{ id: 1 }])
    await world.sql(`drop schema theirs cascade; drop owned by ${other}; drop owned by ${role} cascade`)
  })

  test('a view of another on changing columns is tried out without a right to temporary relations', async () => {
    const { world, url, role } = await worldFor(granted)
    await world.sql(
      "do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$",
    )
    expect((await duro(world.project, url, ['refresh'])).error).toBeNull()
    await world.sql(`create schema "it's theirs" authorization ${role}; set role ${role};
      create view "it's theirs".report as select id from first.a`)
    await world.project.update({ 'views/first/a.sql': 'select id, 2 as more from raw.source' })
    expect((await duro(world.project, url, ['plan'])).stdout).not.toContain('would break')
    expect((await duro(world.project, url, ['refresh'])).error).toBeNull()
    expect(await world.sql(`select id from "it's theirs".report`)).toEqual([{ id: 1 }])

    await world.project.update({ 'views/first/a.sql': 'select 2 as more from raw.source' })
    expect((await duro(world.project, url, ['refresh'])).error).toMatchObject({
      problems: [
        { message: expect.stringMatching(/report would break: column .*id.* does not exist/) as unknown },
      ],
    })
    await world.sql(`drop owned by ${role} cascade`)
  })

  test('what others have granted is granted by the owner where duro may not speak for them, and said before', async () => {
    const { world, url, role } = await worldFor(granted)
    const [joe, mary] = [await world.createRole('nologin'), await world.createRole('nologin')]
    expect((await duro(world.project, url, ['refresh'])).error).toBeNull()
    await world.sql(`grant usage on schema first to ${joe};
      set role ${role}; grant select, insert, update (id) on first.a to ${joe} with grant option; reset role;
      set role ${joe}; grant select, update (id) on first.a to ${mary}; reset role`)
    const grants = async () =>
      world.sql(`select grantee::regrole::text, grantor::regrole::text, privilege_type as privilege
        from pg_class c, lateral (
          select * from aclexplode(relacl) union all
          select i.* from pg_attribute a, aclexplode(a.attacl) i where a.attrelid = c.oid) as item
        where oid = 'first.a'::regclass and grantee = '${mary}'::regrole order by 3`)
    const warning = `what ${joe} has granted on first.a will be granted by its owner, unless an administrator runs: grant ${joe} to ${role}`
    expect(warnings(await duro(world.project, url, ['plan', '--force']))).toEqual([warning])

    await world.sql(`grant ${joe} to ${role}`)
    expect(warnings(await refresh(world.project, url, ['--force']))).toEqual([])
    const before = await grants()
    expect(before).toEqual([
      { grantee: mary, grantor: joe, privilege: 'SELECT' },
      { grantee: mary, grantor: joe, privilege: 'UPDATE' },
    ])

    await world.sql(`revoke ${joe} from ${role}`)
    expect(warnings(await refresh(world.project, url, ['--force']))).toEqual([warning])
    expect(await grants()).toEqual(before.map((grant) => ({ ...grant, grantor: role })))
    expect(warnings(await refresh(world.project, url, ['--force']))).toEqual([])
    await world.sql(`drop owned by ${role} cascade; drop owned by ${joe}; drop owned by ${mary}`)
  })

  test('the owner of the schema may have passed on what was granted to him', async () => {
    const { world } = await worldFor(granted)
    const [joe, mary] = [await world.createRole('nologin'), await world.createRole('nologin')]
    await world.refresh()
    await world.sql(`alter schema first owner to ${joe}; grant select on first.a to ${joe} with grant option;
      set role ${joe}; grant select on first.a to ${mary}; reset role`)
    await world.refresh('--force')
    expect(
      await world.sql(`select grantor::regrole::text from pg_class, aclexplode(relacl)
        where oid = 'first.a'::regclass and grantee = '${mary}'::regrole`),
    ).toEqual([{ grantor: joe }])
    await world.sql(`drop owned by ${mary}; drop owned by ${joe} cascade`)
  })

  test('a membership that may not give anything to the owner is refused before anything is built', async (context) => {
    context.skip(serverVersionNumber() < 160000, 'memberships have no options before 16')
    const { world, url, role } = await worldFor(granted)
    const owner = await world.createRole('nologin')
    await world.sql(`create schema first; grant usage, create on schema first to ${role}, ${owner};
      create materialized view first.a as select 1 as id; alter materialized view first.a owner to ${owner};
      grant ${owner} to ${role} with set false`)
    const refused = await duro(world.project, url, ['refresh'])
    expect(refused.error).toMatchObject({
      problems: [{ hint: `Let an administrator run: grant ${owner} to ${role} with inherit true, set true` }],
    })
    await world.sql(`grant ${owner} to ${role} with set true; grant usage on schema raw to ${owner};
      grant select on raw.source to ${owner}`)
    expect((await duro(world.project, url, ['refresh'])).error).toBeNull()
    await world.sql(`drop owned by ${role} cascade; drop owned by ${owner} cascade`)
  })

  test('readers in the way are named, though what they do is hidden', async () => {
    const { world, url, role } = await worldFor(granted)
    await world.project.update({ 'duro.yaml': 'default_interval: 1h\nswap: { give_up_after: 1s }\n' })
    expect((await duro(world.project, url, ['refresh'])).error).toBeNull()
    await usingClient(world.url, async (reader) => {
      await reader.query('begin; select from first.a')
      const ran = await duro(world.project, url, ['refresh', '--force'])
      expect(ran.error?.message).toMatch(/In the way:\n {2}\w+ \(.*\), server process \d+: /)
    })
    await world.sql(`drop owned by ${role} cascade`)
  })
})

describe('a disk that is full in a build', () => {
  test('ends with 1, and leaves the live set and nothing else', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    const before = await relationIds(world.url)
    await world.sql(`create function raw.fill_up() returns int language plpgsql as $$
      begin raise exception using errcode = '53100', message = 'could not extend file: No space left on device'; end $$`)
    await world.project.update({ 'views/first/b.sql': 'select raw.fill_up() as n from first.a' })
    const ran = await world.duro(['refresh', '--force'])
    expect(ran.code).toBe(1)
    expect(ran.error?.message).toBe(
      'first.b could not be built: could not extend file: No space left on device',
    )
    expect(ran.error).toMatchObject({
      hint: expect.stringContaining('The disk of the server is full') as unknown,
    })
    expect(await relationIds(world.url)).toEqual(before)
    expect(await leftovers(world.url)).toEqual([])
  })

  test('is noticed by the server itself, as when temporary files grow too large', async () => {
    const world = await makeWorld(sources, files)
    await world.refresh()
    const before = await relationIds(world.url)
    await world.sql(`do $$ begin
      execute format('alter database %I set temp_file_limit = %L', current_database(), '1MB');
      execute format('alter database %I set work_mem = %L', current_database(), '64kB'); end $$`)
    await world.project.update({
      'views/first/b.sql':
        "select n, repeat('x', 500) as text from generate_series(1, 20000) n order by md5(n::text)",
    })
    const ran = await world.duro(['refresh', '--force'])
    expect(ran.code).toBe(1)
    expect(ran.error).toMatchObject({ sqlState: '53400' })
    expect(ran.error?.message).toContain('first.b could not be built: temporary file size exceeds')
    expect(await relationIds(world.url)).toEqual(before)
    expect(await leftovers(world.url)).toEqual([])
  })
})

const grants = async (world: World, name: string): Promise<unknown> =>
  (
    await world.sql(
      `select coalesce(relacl, acldefault('r', relowner))::text as acl from pg_class where oid = to_regclass($1)`,
      [`first.${name}`],
    )
  )[0]?.['acl']

describe('default privileges', () => {
  const kinds = {
    'views/first/view.sql': 'select 1 as id',
    'views/first/tab.sql': 'select 1 as id',
    'views/first/tab.yaml': 'materialized: table',
    'views/first/plain.sql': 'select 1 as id',
    'views/first/plain.yaml': 'materialized: none',
  }

  test.each<[string, (role: string, other: string, third: string) => string]>([
    ['of every schema', (role, other) => `for role ${role} grant select on tables to ${other}, public`],
    [
      'of the view’s schema',
      (role, other) => `for role ${role} in schema first grant select on tables to ${other}`,
    ],
    [
      'of both',
      (role, other, third) => `for role ${role} grant select on tables to ${other} with grant option;
        alter default privileges for role ${role} in schema first grant insert on tables to ${other}, ${third}`,
    ],
    [
      'that take rights from the owner',
      (role) => `for role ${role} revoke update, truncate on tables from ${role}`,
    ],
  ])(
    '%s are those of a new view as of a relation made by hand, and come to no view that was there',
    async (_, defaults) => {
      const world = await makeWorld('', kinds)
      const [role, other, third] = [
        await world.createRole("login password 'duro'"),
        await world.createRole('nologin'),
        await world.createRole('nologin'),
      ]
      await world.sql(`${mayCreate(role)}; create schema first authorization ${role};
      set role ${role}; create table first.before as select 1 as id`)
      const before = await grants(world, 'before')
      await world.project.update({ 'views/first/old.sql': 'select 2 as id' })
      const url = world.urlFor(role, 'duro')
      await refresh(world.project, url, ['first.old'])
      await world.sql(`alter default privileges ${defaults(role, other, third)}`)
      await refresh(world.project, url, ['--force'])
      await world.sql(`set role ${role}; create table first.by_hand as select 1 as id`)
      const byHand = await grants(world, 'by_hand')
      expect(byHand).not.toEqual(before)
      for (const name of ['view', 'tab', 'plain']) expect(await grants(world, name), name).toEqual(byHand)
      expect(await grants(world, 'old')).toEqual(before)
      await refresh(world.project, url, ['--force'])
      for (const name of ['view', 'tab', 'plain']) expect(await grants(world, name), name).toEqual(byHand)
      expect(await grants(world, 'old')).toEqual(before)
      await world.sql(`drop owned by ${role} cascade; drop owned by ${other}; drop owned by ${third}`)
    },
  )
})
