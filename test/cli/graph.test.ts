import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runDuro } from '../support/cli.ts'
import { repositoryRoot } from '../support/repository-root.ts'

const graph = (...args: string[]) =>
  runDuro(['graph', ...args], { cwd: join(repositoryRoot, 'fixtures/cities') })

test('a tree, without any database', async () => {
  const { code, stdout, stderr } = await graph()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe(
    `
first.countries 7d
└─ first.cities 1d
   ├─ first.shops 1h
   │  ├─ first.people 1h
   │  │  ├─ second.child 30m
   │  │  └─ second.payroll 1h
   │  │     └─ second.city_overview 1d
   │  └─ second.city_overview
   └─ second.city_overview
`.slice(1),
  )
})

test('some of the views', async () => {
  const { stdout } = await graph('second.*', '--exclude', 'second.child')
  expect(stdout).toBe('second.payroll 1h\n└─ second.city_overview 1d\n')
})

test('Mermaid and Graphviz', async () => {
  expect((await graph('--format', 'mermaid', 'first.people+')).stdout).toBe(
    `
flowchart LR
  v1["first.people<br>1h"]
  v2["second.child<br>30m"]
  v3["second.payroll<br>1h"]
  v4["second.city_overview<br>1d"]
  v1 --> v2
  v1 --> v3
  v3 --> v4
`.slice(1),
  )
  expect((await graph('--format', 'dot', 'first.countries')).stdout).toContain('"first.countries" [label=')
})

test('JSON', async () => {
  const { stdout } = await graph('second.payroll', 'second.city_overview', '--json')
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    type: 'graph',
    views: [
      { name: 'second.payroll', interval: 3_600_000, reads: [] },
      { name: 'second.city_overview', interval: 86_400_000, reads: ['second.payroll'] },
    ],
  })
})

test.each([
  ['first.citys', 'error: no view matches first.citys', 'Did you mean first.cities?'],
  ['state:stale', 'error: state:… is what the database says', '`duro plan`'],
])('%s is refused', async (selector, message, hint) => {
  const { code, stdout, stderr } = await graph(selector)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
  expect(stderr).toContain(hint)
})

test('a picture, without any database', async () => {
  const { code, stdout, stderr } = await graph('--format', 'svg')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<\/svg>\n$/s)
  expect(stdout).toContain('<title>cities: 7 views</title>')
  expect(stdout).toContain('<title>first.shops reads first.cities</title>')
})
