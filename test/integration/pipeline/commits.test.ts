import { execFileSync } from 'node:child_process'

import { expect, test } from 'vitest'

import type { Ran } from '../../support/duro.ts'
import { makeWorld, type World } from '../../support/world.ts'

const git = (world: World, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=joan', '-c', 'user.email=joan@host', ...args], {
    cwd: world.project.root,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim()

const commit = (world: World): string => {
  git(world, 'add', '.')
  git(world, 'commit', '-m', 'change')
  return git(world, 'rev-parse', 'HEAD')
}

const notices = ({ events }: Ran): string[] =>
  events.flatMap((event) =>
    event.type === 'notice' && event.message.startsWith('first run at') ? [event.message] : [],
  )

test('every run records its commit, and the first at a new one says what it brings', async () => {
  const world = await makeWorld('', {
    'views/first/a.sql': 'select 1 as n',
    'views/first/b.sql': 'select 2 as n',
  })
  // Without a repository nothing is known, and nothing said.
  expect(notices(await world.refresh())).toEqual([])
  git(world, 'init')
  const first = commit(world)
  expect(notices(await world.refresh())).toEqual([])

  await world.project.update({
    'views/first/a.sql': 'select 11 as n',
    'views/first/b.sql': null,
    'views/first/c.sql': 'select 3 as n',
  })
  const second = commit(world)
  expect(notices(await world.refresh())).toEqual([
    `first run at commit ${second.slice(0, 8)}: 1 new (first.c); 1 changed (first.a); 1 removed (first.b)`,
  ])
  expect(notices(await world.refresh('--force'))).toEqual([])
  await world.project.update({ 'views/first/a.sql': 'select 12 as n' })
  expect(notices(await world.refresh())).toEqual([])

  const history = await world.duro(['--json', 'history'])
  expect(JSON.parse(history.stdout)).toMatchObject({
    runs: [
      { commit: second, dirty: true },
      { commit: second, dirty: false },
      { commit: second, dirty: false },
      { commit: first, dirty: false },
      { commit: null, dirty: null },
    ],
  })
  expect((await world.duro(['history'])).stdout).toContain(`${second.slice(0, 8)}+`)
})

test('a commit that changes no view is told too, once', async () => {
  const world = await makeWorld('', { 'views/first/a.sql': 'select 1 as n' })
  git(world, 'init')
  commit(world)
  await world.refresh()
  await world.project.update({ 'views/first/a.sql': 'SELECT 1 AS n -- the first' })
  const second = commit(world)
  const said = [`first run at commit ${second.slice(0, 8)}: no view is new, changed or removed`]
  expect(notices(await world.refresh())).toEqual(said)
  expect(notices(await world.refresh())).toEqual([])
})
