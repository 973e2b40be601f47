import { describe, expect, test } from 'vitest'

import { usingClient } from '../../support/database.ts'
import { makeWorld, type World } from '../../support/world.ts'

const files = {
  'duro.yaml': 'default_interval: 1h\nkeep_previous: true\n',
  'views/first/a.sql': 'select n from source',
  'views/first/plain.sql': 'select n * 10 as n from first.a',
  'views/first/plain.yaml': 'materialized: none',
}

/** A world that notes which plain views are made, also anew, and in which a plain view of others is on one of duro's. */
async function notingWorld(): Promise<World> {
  const world = await makeWorld('create table source as select 1 as n', files)
  await world.refresh()
  await world.sql(`create view top as select n from first.a;
    create table noted (view text);
    create function note() returns event_trigger language plpgsql security definer as $$ begin
      insert into public.noted select distinct object_identity from pg_event_trigger_ddl_commands(); end $$;
    create event trigger noting on ddl_command_end when tag in ('CREATE VIEW') execute function note()`)
  return world
}

async function plainViewsOfPlan(world: World): Promise<string[]> {
  const { stdout, error } = await world.duro(['plan', '--force', '--sql'])
  expect(error).toBeNull()
  return [...stdout.matchAll(/^\s*create (?:or replace )?view (\S+)/gm)]
    .map((match) => match[1] ?? '')
    .toSorted()
}

async function plainViewsOfRun(world: World): Promise<string[]> {
  await world.sql('delete from noted')
  await world.refresh('--force')
  const rows = await world.sql<{ view: string }>('select view from noted order by 1')
  return rows.map(({ view }) => view)
}

describe('plan --sql makes the plain views that the run makes', () => {
  test('and no old version that was kept', async () => {
    const world = await notingWorld()
    await world.refresh('first.plain')
    const planned = await plainViewsOfPlan(world)
    expect(planned).toEqual(['first__duro_new.plain', 'public.top'])
    expect(await plainViewsOfRun(world)).toEqual(planned)
  })

  test('and no old version that cannot be dropped', async () => {
    const world = await notingWorld()
    await world.refresh('first.plain')
    await usingClient(world.url, async (session) => {
      await session.query('create temp view mine as select n from first__duro_old.plain')
      const planned = await plainViewsOfPlan(world)
      expect(await plainViewsOfRun(world)).toEqual(planned)
    })
  })

  test('and no new version that waits to be published', async () => {
    const world = await notingWorld()
    await world.refresh('first.plain', '--no-swap')
    const planned = await plainViewsOfPlan(world)
    expect(await plainViewsOfRun(world)).toEqual(planned)
  })
})
