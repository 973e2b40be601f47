import { expect, test } from 'vitest'

import { ProblemsError } from '../../../src/errors.ts'
import { duro, warnings, type Ran } from '../../support/duro.ts'
import { makeWorld, type World } from '../../support/world.ts'

/** What stands in the way, before anything is built. */
function problemsOf({ error, events }: Ran): { message: string; hint: string }[] {
  expect(events).not.toContainEqual({ type: 'stage-started', stage: 'build' })
  expect(error).toBeInstanceOf(ProblemsError)
  return error instanceof ProblemsError
    ? error.problems.map(({ message, hint }) => ({ message, hint: hint ?? '' }))
    : []
}

interface Roles {
  /** The role that duro connects as. */
  role: string
  other: string
  /** Who does what is done besides. */
  superuser: string
}

interface Case extends Roles {
  world: World
  force: () => Promise<Ran>
}

/** The table first.a, published by an ordinary role, and what somebody has done to it since. */
async function published(afterwards: (roles: Roles) => string): Promise<Case> {
  const world = await makeWorld(
    'create schema raw; create table raw.source as select 1 as id, 2 as n; create schema theirs; create table theirs.target (id int primary key); insert into theirs.target values (1)',
    { 'views/first/a.sql': 'select id, n from raw.source', 'views/first/a.yaml': 'materialized: table' },
  )
  const roles = {
    role: await world.createRole("login password 'duro'"),
    other: await world.createRole('nologin'),
    superuser: (await world.sql<{ name: string }>('select current_user as name'))[0]?.name ?? '',
  }
  await world.sql(
    `do $$ begin execute format('grant create on database %I to %I', current_database(), '${roles.role}'); end $$;
     grant usage on schema raw to ${roles.role}; grant select on raw.source to ${roles.role}`,
  )
  const url = world.urlFor(roles.role, 'duro')
  const run = (...args: string[]): Promise<Ran> => duro(world.project, url, ['refresh', ...args])
  expect((await run()).error).toBeNull()
  await world.sql(afterwards(roles))
  return { ...roles, world, force: () => run('--force') }
}

/** What goes wrong when all has been done that the hints say. */
async function errorAfter(
  { world, force, role, other }: Case,
  hints: readonly string[],
): Promise<Error | null> {
  for (const hint of hints)
    await world.sql(/^Let an administrator run: (.*)$/s.exec(hint)?.[1] ?? `no hint: ${hint}`)
  const { error } = await force()
  await world.sql(`drop publication if exists changes; drop owned by ${role}, ${other} cascade`)
  return error
}

const statement = (text: string): string => `Let an administrator run: ${text}`

interface Lacking {
  what: string
  afterwards: (roles: Roles) => string
  problems: (roles: Roles) => { message: string; hint: string }[]
}

test.each<Lacking>([
  {
    what: 'membership in the owner of a statistics object',
    afterwards: ({ role, other }) =>
      `create statistics first.related on id, n from first.a; grant usage, create on schema first to ${other};
       alter statistics first.related owner to ${other}; alter table first.a owner to ${role}`,
    problems: ({ role, other }) => [
      {
        message: `duro may not make statistics first.related again for the new version of first.a: it belongs to ${other}`,
        hint: statement(`grant ${other} to ${role}`),
      },
    ],
  },
  {
    what: 'CREATE on the schema of a statistics object',
    afterwards: ({ role }) =>
      `create statistics theirs.related on id, n from first.a; alter statistics theirs.related owner to ${role}`,
    problems: ({ role }) => [
      {
        message:
          'duro may not make statistics theirs.related again for the new version of first.a: it lies in theirs',
        hint: statement(`grant usage, create on schema theirs to ${role}`),
      },
    ],
  },
  {
    what: 'membership in the owner of a publication',
    afterwards: ({ other }) =>
      `create publication changes for table first.a; 
       do $$ begin execute format('grant create on database %I to %I', current_database(), '${other}'); end $$;
       alter publication changes owner to ${other}`,
    problems: ({ role, other }) => [
      {
        message: `duro may not make publication changes again for the new version of first.a: it belongs to ${other}`,
        hint: statement(`grant ${other} to ${role}`),
      },
    ],
  },
  {
    what: 'REFERENCES on the table that a foreign key refers to',
    afterwards: () =>
      'alter table first.a add constraint to_target foreign key (id) references theirs.target',
    problems: ({ role }) => [
      {
        message:
          'duro may not make foreign key to_target again for the new version of first.a: it refers to theirs.target',
        hint: statement(
          `grant usage on schema theirs to ${role}; grant references on theirs.target to ${role}`,
        ),
      },
    ],
  },
  {
    what: 'EXECUTE on the function of a trigger',
    afterwards: () =>
      `create function theirs.note() returns trigger language plpgsql as 'begin return new; end';
       revoke execute on function theirs.note() from public;
       create trigger noting before insert on first.a for each row execute function theirs.note()`,
    problems: ({ role }) => [
      {
        message:
          'duro may not make trigger noting again for the new version of first.a: it calls theirs.note()',
        hint: statement(
          `grant usage on schema theirs to ${role}; grant execute on function theirs.note() to ${role}`,
        ),
      },
    ],
  },
  {
    what: 'USAGE on a schema that a policy names',
    afterwards: () =>
      'create policy few on first.a using (exists (select from theirs.target t where t.id = a.id))',
    problems: ({ role }) => [
      {
        message: 'duro may not make policy few again for the new version of first.a: it reads theirs.target',
        hint: statement(`grant usage on schema theirs to ${role}`),
      },
    ],
  },
  {
    what: 'CREATE on the schema of the view',
    afterwards: ({ role, other }) =>
      `alter schema first owner to ${other}; grant usage on schema first to ${role}`,
    problems: ({ role }) => [
      {
        message: 'duro may not move views out of the schema first and into it',
        hint: statement(`grant usage, create on schema first to ${role}`),
      },
    ],
  },
  {
    what: 'rights on the shadow schemas of an administrator',
    afterwards: () => 'create schema first__duro_new; create schema first__duro_old',
    problems: ({ role }) => [
      {
        message: 'duro may not move views out of the schema first__duro_new and into it',
        hint: statement(`grant usage, create on schema first__duro_new to ${role}`),
      },
      {
        message: 'duro may not move views out of the schema first__duro_old and into it',
        hint: statement(`grant usage, create on schema first__duro_old to ${role}`),
      },
    ],
  },
  {
    what: 'CREATE of the owner on the shadow schema of an administrator',
    afterwards: ({ role, other }) =>
      `create schema first__duro_new; create schema first__duro_old; grant ${other} to ${role};
       grant usage on schema raw to ${other}; grant select on raw.source to ${other};
       grant usage, create on schema first__duro_new, first__duro_old to ${role};
       grant usage, create on schema first to ${other}; alter table first.a owner to ${other}`,
    problems: ({ other }) => [
      {
        message: `first.a belongs to ${other}, who may not have a new version of it in first__duro_new`,
        hint: statement(`grant usage, create on schema first__duro_new to ${other}`),
      },
    ],
  },
  {
    what: 'CREATE of the owner of a statistics object there',
    afterwards: ({ role, other }) =>
      `create schema first__duro_new; create schema first__duro_old; grant ${other} to ${role};
       grant usage, create on schema first__duro_new, first__duro_old to ${role};
       grant usage, create on schema first to ${other};
       create statistics first.related on id, n from first.a; alter statistics first.related owner to ${other}`,
    problems: ({ other }) => [
      {
        message: `statistics first.related belongs to ${other}, who may not have a new version of it in first__duro_new`,
        hint: statement(`grant usage, create on schema first__duro_new to ${other}`),
      },
    ],
  },
  {
    what: 'USAGE there of a role that has passed on a right',
    afterwards: ({ role, other }) =>
      `create schema first__duro_new; create schema first__duro_old; grant ${other} to ${role};
       grant usage, create on schema first__duro_new, first__duro_old to ${role};
       grant usage on schema first to ${other}; grant select on first.a to ${other} with grant option;
       set role ${other}; grant select on first.a to public; reset role`,
    problems: ({ other }) => [
      {
        message: `${other} has granted something on first.a, and may not do so on a new version in first__duro_new`,
        hint: statement(`grant usage on schema first__duro_new to ${other}`),
      },
    ],
  },
  {
    what: 'REFERENCES on a table that another refers to',
    afterwards: ({ role }) =>
      `alter table first.a add primary key (id); grant usage, create on schema theirs to ${role};
       create table theirs.child (id int references first.a); alter table theirs.child owner to ${role};
       revoke references on first.a from ${role}`,
    problems: ({ role }) => [
      {
        message:
          'constraint child_id_fkey on table theirs.child depends on first.a, and duro may not make it again on the new version: it needs REFERENCES on it',
        hint: statement(`grant references on first.a to ${role}`),
      },
    ],
  },
  {
    what: 'USAGE on a schema that a plain view on top reads',
    afterwards: ({ role }) =>
      `create schema reports; grant usage, create on schema reports to ${role};
       create view reports.joined as select a.n from first.a join theirs.target using (id);
       alter view reports.joined owner to ${role}`,
    problems: ({ role }) => [
      {
        message:
          'view reports.joined depends on first.a, and duro may not make it again on the new version: it reads theirs.target',
        hint: statement(`grant usage on schema theirs to ${role}`),
      },
    ],
  },
  {
    what: 'USAGE on a schema that a function with a bound body reads',
    afterwards: ({ role }) =>
      `create schema reports; grant usage, create on schema reports to ${role};
       create function reports.joined() returns bigint language sql
         begin atomic select count(*) from first.a join theirs.target using (id); end;
       alter function reports.joined() owner to ${role}`,
    problems: ({ role }) => [
      {
        message:
          'function reports.joined() depends on first.a, and duro may not make it again on the new version: it reads theirs.target',
        hint: statement(`grant usage on schema theirs to ${role}`),
      },
    ],
  },
  {
    what: 'USAGE on a schema that a constant names',
    afterwards: ({ role }) =>
      `create schema reports; grant usage, create on schema reports to ${role};
       create view reports.sizes as select id, pg_relation_size('theirs.target') as size from first.a;
       alter view reports.sizes owner to ${role}`,
    problems: ({ role }) => [
      {
        message:
          'view reports.sizes depends on first.a, and duro may not make it again on the new version: it reads theirs.target',
        hint: statement(`grant usage on schema theirs to ${role}`),
      },
    ],
  },
  {
    what: 'USAGE on the schema of a table that refers to the view',
    afterwards: ({ role }) =>
      `alter table first.a add primary key (id); create table theirs.child (id int references first.a);
       alter table theirs.child owner to ${role}`,
    problems: ({ role }) => [
      {
        message:
          'constraint child_id_fkey on table theirs.child depends on first.a, and duro may not make it again on the new version: it lies in theirs',
        hint: statement(`grant usage on schema theirs to ${role}`),
      },
    ],
  },
])('what a role lacks is found before anything is built: $what', async ({ afterwards, problems }) => {
  const lacking = await published(afterwards)
  const found = problemsOf(await lacking.force())
  expect(found).toEqual(problems(lacking))
  const hints = found.map(({ hint }) => hint)
  expect(await errorAfter(lacking, hints)).toBeNull()
})

const belonging = (what: string, roles: Roles): { message: string; hint: string } => ({
  message: `${what} depends on first.a, and duro may not make it again on the new version: it belongs to ${roles.superuser}`,
  hint: statement(`alter ${what} owner to ${roles.role}`),
})

test.each<Lacking>([
  {
    what: 'the live version',
    afterwards: ({ superuser }) => `alter table first.a owner to ${superuser}`,
    problems: ({ role, superuser }) => [
      {
        message: `first.a belongs to ${superuser}, and the role that duro connects as is not a member of it`,
        hint: statement(`alter table first.a owner to ${role}`),
      },
    ],
  },
  {
    what: 'a statistics object',
    afterwards: () => 'create statistics first.related on id, n from first.a',
    problems: ({ role, superuser }) => [
      {
        message: `duro may not make statistics first.related again for the new version of first.a: it belongs to ${superuser}`,
        hint: statement(`alter statistics first.related owner to ${role}`),
      },
    ],
  },
  {
    what: 'a publication',
    afterwards: () => 'create publication changes for table first.a',
    problems: ({ role, superuser }) => [
      {
        message: `duro may not make publication changes again for the new version of first.a: it belongs to ${superuser}`,
        hint: statement(`alter publication changes owner to ${role}`),
      },
    ],
  },
  {
    what: 'a plain view on top',
    afterwards: ({ role }) =>
      `create schema "Re ports"; grant usage, create on schema "Re ports" to ${role};
       create view "Re ports"."All" as select n from first.a`,
    problems: (roles) => [belonging('view "Re ports"."All"', roles)],
  },
  {
    what: 'a function with a bound body',
    afterwards: ({ role }) =>
      `create schema reports; grant usage, create on schema reports to ${role};
       create function reports.count(minimum integer) returns bigint language sql
         begin atomic select count(*) from first.a where n >= minimum; end`,
    problems: (roles) => [
      {
        ...belonging('function reports.count(integer)', roles),
        hint: statement(`alter routine reports.count(integer) owner to ${roles.role}`),
      },
    ],
  },
  {
    what: 'a table with a policy that reads the view',
    afterwards: ({ role }) =>
      `grant usage on schema theirs to ${role};
       create policy few on theirs.target using (exists (select from first.a where a.id = target.id))`,
    problems: (roles) => [
      {
        ...belonging('policy few on table theirs.target', roles),
        hint: statement(`alter table theirs.target owner to ${roles.role}`),
      },
    ],
  },
  {
    what: 'a table that refers to the view, and is of a member of a superuser',
    afterwards: ({ role, other, superuser }) =>
      `grant ${superuser} to ${other}; grant usage on schema theirs to ${role};
       alter table first.a add primary key (id); create table theirs.child (id int references first.a);
       alter table theirs.child owner to ${other}`,
    problems: (roles) => [
      {
        ...belonging('constraint child_id_fkey on table theirs.child', { ...roles, superuser: roles.other }),
        hint: statement(`alter table theirs.child owner to ${roles.role}`),
      },
    ],
  },
])('nobody is to make duro a superuser for what is of one: $what', async ({ afterwards, problems }) => {
  const lacking = await published(afterwards)
  const found = problemsOf(await lacking.force())
  expect(found).toEqual(problems(lacking))
  const hints = found.map(({ hint }) => hint)
  expect(await errorAfter(lacking, hints)).toBeNull()
})

test('nobody is to make duro a superuser for what one has granted', async () => {
  const granting = await published(
    ({ other }) =>
      `grant usage on schema first to ${other}; grant select on first.a to ${other} with grant option;
       set role ${other}; grant select on first.a to public; reset role; alter role ${other} superuser`,
  )
  const ran = await granting.force()
  expect(ran.error).toBeNull()
  expect(warnings(ran)).toEqual([
    `what ${granting.other} has granted on first.a will be granted by its owner`,
  ])
  expect(await errorAfter(granting, [])).toBeNull()
})

test('no right is asked for statistics that are lost, as the view becomes a plain one', async () => {
  const able = await published(
    ({ role, other }) =>
      `create schema first__duro_new; create schema first__duro_old; grant ${other} to ${role};
       grant usage, create on schema first__duro_new, first__duro_old to ${role};
       grant usage, create on schema first to ${other};
       create statistics first.related on id, n from first.a; alter statistics first.related owner to ${other}`,
  )
  await able.world.project.update({ 'views/first/a.yaml': 'materialized: none' })
  expect(await errorAfter(able, [])).toBeNull()
})

test('what a definition depends on, and does not name, takes no right', async () => {
  const able = await published(
    ({ role }) =>
      `create type theirs.pair as (x int, y int);
       create function raw.pair() returns theirs.pair language sql as 'select 1, 2';
       create function raw.targets() returns setof theirs.target language sql security definer as 'table theirs.target';
       create schema reports; grant usage, create on schema reports to ${role};
       set role ${role};
       create view reports.all as
         select a.n, (raw.pair()).x, target.id from first.a join raw.targets() as target using (id);
       create policy few on first.a using ((raw.pair()).x > 0);
       create function reports.count() returns bigint language sql
         begin atomic select count(*) from first.a join raw.targets() using (id); end;
       reset role`,
  )
  expect(await errorAfter(able, [])).toBeNull()
})

test('the owner of a plain view on top needs no right on its schema', async () => {
  const able = await published(
    ({ role, other }) =>
      `grant ${other} to ${role}; create schema reports; grant usage, create on schema reports to ${role};
       create view reports.all as select n from first.a; alter view reports.all owner to ${other}`,
  )
  expect(await errorAfter(able, [])).toBeNull()
})

test('what is granted on the schema reaches the shadow schemas that are there', async () => {
  const world = await makeWorld('create schema raw; create table raw.source as select 1 as id', {
    'views/first/a.sql': 'select id from raw.source',
  })
  const [role, other, reader] = [
    await world.createRole("login password 'duro'"),
    await world.createRole('nologin'),
    await world.createRole('nologin'),
  ]
  await world.sql(
    `do $$ begin execute format('grant create on database %I to %I', current_database(), '${role}'); end $$;
     grant usage on schema raw to ${role}, ${other}; grant select on raw.source to ${role}, ${other}`,
  )
  const run = (...args: string[]): Promise<Ran> =>
    duro(world.project, world.urlFor(role, 'duro'), ['refresh', ...args])
  await world.sql(
    `create schema first__duro_new authorization ${role}; create schema first__duro_old authorization ${role}`,
  )
  expect((await run()).error).toBeNull()
  await world.sql(
    `grant ${other} to ${role}; grant usage on schema first to ${reader};
     grant usage, create on schema first to ${other}; alter materialized view first.a owner to ${other}`,
  )
  expect((await run('--force', '--no-swap')).error).toBeNull()
  const rights = async (): Promise<unknown> =>
    world.sql(
      `select nspname::text as schema, has_schema_privilege($1, oid, 'create') as owner,
              has_schema_privilege($2, oid, 'usage') as reader
       from pg_namespace where nspname ~ '^first__' order by 1`,
      [other, reader],
    )
  expect(await rights()).toEqual([
    { schema: 'first__duro_new', owner: true, reader: true },
    { schema: 'first__duro_old', owner: true, reader: true },
  ])
  await world.sql(`drop owned by ${role}, ${other}, ${reader} cascade`)
})
