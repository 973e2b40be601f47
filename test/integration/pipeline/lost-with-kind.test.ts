import { describe, expect, test } from 'vitest'

import { ProblemsError } from '../../../src/errors.ts'
import { usingClient } from '../../support/client.ts'
import { warnings, type Ran } from '../../support/duro.ts'
import { makeWorld, type World } from '../../support/world.ts'

const becoming = (kind: string): string => `materialized: ${kind}\nindexes: []`

async function worldWith(from: string, statements: string): Promise<World> {
  const world = await makeWorld('create table other (id int primary key); insert into other values (1)', {
    'views/first/a.sql': 'select 1 as id, 2 as n',
    'views/first/a.yaml': becoming(from),
  })
  await world.refresh()
  await world.sql(statements)
  await world.refresh('--force')
  return world
}

const problemsOf = ({ error }: Ran): unknown =>
  error instanceof ProblemsError ? error.problems.map(({ message, hint }) => ({ message, hint })) : error

/** With the parts of each list in one order. */
const sorted = (messages: readonly string[]): string[] =>
  messages.map((message) => {
    const [head = '', list = ''] = message.split(': ')
    return `${head}: ${list.split(', ').toSorted().join(', ')}`
  })

const everything = `create function note() returns trigger language plpgsql as 'begin return new; end';
  create trigger noting before insert on first.a for each row execute function note();
  create rule quiet as on delete to first.a do instead nothing;
  alter table first.a add primary key (id), add constraint positive check (n > 0), alter n set default 3,
    alter n set not null, add constraint to_other foreign key (id) references other,
    alter id add generated always as identity;
  create index by_n on first.a (n); create statistics first.related on id, n from first.a`

test.each([
  [
    'table',
    'view',
    everything,
    'first.a becomes a materialized view, and loses what one cannot have: constraint a_pkey, constraint positive, the default of column n, foreign key to_other, the identity of column id, not null of column n, rule quiet, trigger noting',
  ],
  [
    'table',
    'none',
    everything,
    'first.a becomes a view, and loses what one cannot have: constraint a_pkey, constraint positive, foreign key to_other, index by_n, not null of column n, rule quiet, statistics related, the identity of column id, trigger noting',
  ],
  [
    'none',
    'table',
    `create rule quiet as on delete to first.a do instead nothing`,
    'first.a becomes a table, and loses what one cannot have: rule quiet',
  ],
])(
  'what hangs on a %s that becomes a %s is named before it is lost',
  async (from, to, statements, warning) => {
    const world = await worldWith(from, statements)
    expect(warnings(await world.refresh('--force'))).toEqual([])
    await world.project.update({ 'views/first/a.yaml': becoming(to) })
    expect(sorted(warnings(await world.duro(['plan'])))).toEqual(sorted([warning]))
    expect(sorted(warnings(await world.refresh()))).toEqual(sorted([warning]))
    expect(warnings(await world.refresh('--force'))).toEqual([])
  },
)

test('a table whose changes are published becomes nothing else in silence', async () => {
  const world = await worldWith('table', 'create publication changes for table first.a')
  await world.project.update({ 'views/first/a.yaml': becoming('view') })
  expect(problemsOf(await world.duro(['refresh']))).toEqual([
    {
      message: 'first.a becomes a materialized view, whose changes cannot be published: publication changes',
      hint: 'Take it out with alter publication … drop table first, or keep `materialized: table`.',
    },
  ])
  await world.sql('alter publication changes drop table first.a')
  await world.refresh()
})

test('a table that another refers to stays one', async () => {
  const world = await worldWith(
    'table',
    'alter table first.a add primary key (id); create table child (id int references first.a); insert into child values (1)',
  )
  await world.project.update({ 'views/first/a.yaml': becoming('view') })
  const ran = await world.duro(['refresh'])
  expect(ran.events).not.toContainEqual({ type: 'stage-started', stage: 'build' })
  expect(problemsOf(ran)).toEqual([
    {
      message:
        'constraint child_id_fkey on table public.child refers to first.a, which becomes a materialized view: only a table can be referred to',
      hint: 'Drop it first, or keep `materialized: table`.',
    },
  ])
})

test('a table that one of the same run refers to stays one, unless that becomes something else, too', async () => {
  const world = await worldWith('table', '')
  await world.project.update({
    'views/first/b.sql': 'select id from first.a',
    'views/first/b.yaml': 'materialized: table',
  })
  await world.refresh()
  await world.sql(
    'alter table first.a add primary key (id); alter table first.b add constraint to_a foreign key (id) references first.a',
  )
  await world.refresh('--force')
  await world.project.update({ 'views/first/a.yaml': becoming('view') })
  expect(problemsOf(await world.duro(['refresh', '--force']))).toEqual([
    {
      message:
        'constraint to_a on table first.b refers to first.a, which becomes a materialized view: only a table can be referred to',
      hint: 'Drop it first, or keep `materialized: table`.',
    },
  ])
  await world.project.update({ 'views/first/b.yaml': 'materialized: view' })
  await world.refresh()
})

describe('what a table loses when it becomes a view', () => {
  const keeping = 'default_interval: 1h\nkeep_previous: true\n'
  const makeLosing = async (): Promise<World> => {
    const world = await worldWith(
      'table',
      `alter table first.a add constraint to_other foreign key (id) references other on delete cascade;
       comment on constraint to_other on first.a is 'why'; create sequence first.numbers owned by first.a.n`,
    )
    await world.project.update({ 'duro.yaml': keeping, 'views/first/a.yaml': becoming('view') })
    await world.refresh()
    return world
  }

  test('it has again when it goes back, each time', async () => {
    const world = await makeLosing()
    for (let n = 1; n <= 2; n++) {
      const back = await world.duro(['swap', '--back'])
      expect(back.error).toBeNull()
      expect(warnings(back)).toEqual([])
      expect(await keysOf(world)).toEqual([
        { name: 'to_other', valid: true, comment: 'why', definition: expect.stringContaining('CASCADE') },
      ])
      expect(await world.sql(`select pg_get_serial_sequence('first.a', 'n') as sequence`)).toEqual([
        { sequence: 'first.numbers' },
      ])
      expect(await world.sql('select from duro.follow_ups')).toEqual([])
      expect((await world.duro(['swap'])).error).toBeNull()
      expect(await keysOf(world)).toEqual([])
    }
  })

  test('does not hold it up on the way back where it cannot be made', async () => {
    const world = await makeLosing()
    await world.sql('drop table other; drop sequence first.numbers')
    const back = await world.duro(['swap', '--back'])
    expect(back.error).toBeNull()
    expect(warnings(back)).toEqual([])
    expect(await keysOf(world)).toEqual([])
    expect(await world.sql('select from duro.follow_ups')).toEqual([])
  })

  test.each([
    ['has no such key', 'alter table other drop constraint other_pkey cascade'],
    ['has no such column', 'drop table other; create table other (more int primary key)'],
    ['has a column of another type', 'drop table other; create table other (id text primary key)'],
    ['is a view', 'drop table other; create view other as select 1 as id'],
  ])('is told once where the table that it refers to %s by now', async (_, change) => {
    const world = await makeLosing()
    await world.sql(change)
    const back = await world.duro(['swap', '--back'])
    expect(back.error).toBeNull()
    expect(warnings(back)).toEqual([
      expect.stringMatching(/^could not be done after the swap: .* It is not tried again\.$/),
    ])
    expect(warnings(await world.duro(['cleanup']))).toEqual([])
    expect(await world.sql('select from duro.follow_ups')).toEqual([])
  })

  test('is made later, and validated, where somebody is in the way', async () => {
    const world = await makeLosing()
    await usingClient(world.url, async (holder) => {
      await holder.query('begin; lock table other in row exclusive mode')
      const back = await world.duro(['swap', '--back'])
      expect(back.error).toBeNull()
      expect(warnings(back).join()).toContain('still to be done after the swap')
      await holder.query('commit')
    })
    expect((await world.duro(['cleanup'])).error).toBeNull()
    expect(await keysOf(world)).toMatchObject([{ name: 'to_other', valid: true, comment: 'why' }])
    expect(await world.sql('select from duro.follow_ups')).toEqual([])
  })

  test('is not made twice by a run that follows one that was killed', async () => {
    const world = await makeLosing()
    await goBackAndDie(world)
    await world.sql(
      'alter table first.a add constraint to_other foreign key (id) references other on delete cascade not valid',
    )
    expect(warnings(await world.duro(['cleanup']))).toEqual([])
    expect(await keysOf(world)).toMatchObject([{ name: 'to_other', valid: true, comment: 'why' }])
    expect(await world.sql('select from duro.follow_ups')).toEqual([])
  })

  test('is not taken from a comment, which the owner of the old version may write', async () => {
    const world = await makeLosing()
    const owner = await world.createRole('nologin')
    await world.sql(`do $$ begin
      execute format('alter table first__duro_old.a owner to %I', '${owner}');
      execute format('comment on table first__duro_old.a is %L', regexp_replace(
        obj_description('first__duro_old.a'::regclass, 'pg_class'), '(,"loosened":.*)?}$', ',"loosened":["create table stolen ()"]}'));
    end $$`)
    await world.duro(['swap', '--back'])
    expect(await world.sql(`select to_regclass('stolen') as stolen`)).toEqual([{ stolen: null }])
    await world.sql(`drop owned by ${owner} cascade`)
  })

  test('is forgotten where it becomes a view again', async () => {
    const world = await makeLosing()
    await goBackAndDie(world)
    expect(warnings(await world.refresh())).toEqual([])
    expect(await world.sql(`select relkind from pg_class where oid = 'first.a'::regclass`)).toEqual([
      { relkind: 'm' },
    ])
    expect(await world.sql('select from duro.follow_ups')).toEqual([])
  })
})

const killed = new Error('killed')

/** As if it had been killed before it did what follows the swap. */
async function goBackAndDie(world: World): Promise<void> {
  const ran = await world.duro(['swap', '--back'], {
    onEvent: (event) => {
      if (event.type === 'swap-attempt' && event.outcome === 'done') throw killed
    },
  })
  expect(ran.error).toBe(killed)
}

const keysOf = (world: World): Promise<unknown[]> =>
  world.sql(
    `select conname::text as name, convalidated as valid, obj_description(oid, 'pg_constraint') as comment,
            pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and conrelid = 'first.a'::regclass`,
  )
