import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { exitCodes } from '../../src/cli/exit-codes.ts'
import { firstProject } from '../../src/project/first-project.ts'
import { loadProject } from '../../src/project/load-project.ts'
import { projectSettingsFields } from '../../src/project/settings/project-settings-schema.ts'
import { loadPostgresParser } from '../../src/sql/postgres/postgres-parser.ts'
import { runDuro } from '../support/cli.ts'
import { writeProject } from '../support/project.ts'
import { repositoryRoot } from '../support/repository-root.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'
import { runOnTerminal } from '../support/terminal.ts'

const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8')

/** The blocks of a section, without their fences. */
function blocks(heading: string, language: string): string[] {
  const start = readme.indexOf(`${heading}\n`)
  if (start < 0) throw new Error(`README.md has no ${heading}`)
  const level = heading.slice(0, heading.indexOf(' '))
  const rest = readme.slice(start + heading.length)
  const end = rest.search(new RegExp(`^#{1,${level.length}} `, 'm'))
  const section = end < 0 ? rest : rest.slice(0, end)
  const fenced = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms')
  return [...section.matchAll(fenced)].map((match) => match[1] ?? '')
}

/** The first column of the table below a heading: what is written as code. */
function firstColumn(heading: string): string[] {
  const section = readme.slice(readme.indexOf(`${heading}\n`)).split(/^#+ /m)[1] ?? ''
  const cells = section.split('\n').flatMap((line) => /^\| ([^|]+) \|/.exec(line)?.[1] ?? [])
  return cells.slice(2).flatMap((cell) => cell.split(', ').map((name) => name.replaceAll('`', '')))
}

/** What differs from run to run. */
function settled(text: string): string {
  return text
    .replaceAll(/\d{8}-\d{6}-[0-9a-f]{4}/g, '<run>')
    .replaceAll(/ +[\d.]+ m?s\b/g, ' <time>')
    .trimEnd()
}

/** A console block as commands and what they printed. */
function steps(block: string): { command: string; output: string }[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command = '', ...lines] = step.split('\n')
      return { command, output: lines.join('\n') }
    })
}

async function firstProjectIn(changes: Readonly<Record<string, string>> = {}): Promise<string> {
  return (await writeProject({ ...firstProject, ...changes })).root
}

async function salesWith(form: string, text: string) {
  const { root } = await writeProject({
    'duro.yaml': 'defaults: { grant_select: [jane] }',
    'views/shop/sales.sql': 'select 1 as customer',
    'views/shop/rates — 1d.sql': 'select 1',
    [`views/shop/sales.${form}`]: text,
  })
  const project = await loadProject(root, { parser: await loadPostgresParser(), env: {} })
  return project.views.get('shop.sales')?.settings
}

test('the commands are those of --help', async () => {
  const check = promisify(execFile)(process.execPath, ['.ci/docs.js', '--check'], { cwd: repositoryRoot })
  await expect(check).resolves.toMatchObject({ stderr: '' })
})

describe('the first screen', () => {
  test('shows the folder and the select of duro init', () => {
    const [folder = ''] = blocks('# duro', 'text')
    const names = Object.keys(firstProject).map((path) => path.split('/').at(-1) ?? '')
    for (const name of names) expect(folder).toContain(name)
    expect(blocks('# duro', 'sql')[0]).toBe(firstProject['views/shop/cities — 24h.sql'])
  })

  test('shows what duro prints', async () => {
    const root = await firstProjectIn()
    // What can be seen of making the embedded database is not of interest.
    await runDuro(['history'], { cwd: root })
    for (const { command, output } of steps(blocks('# duro', 'console')[0] ?? '')) {
      expect(settled(await runOnTerminal(command.split(' ').slice(1), root))).toBe(settled(output))
    }
  })
})

describe('errors', () => {
  const broken: Readonly<Record<string, [path: string, from: string, to: string]>> = {
    'duro plan': ['views/shop/cities.yaml', 'limits:', 'limit:'],
    'duro refresh': ['views/shop/cities — 24h.sql', 'sum(amount)', 'sum(amuont)'],
  }

  test.each(blocks('## How errors look', 'console').flatMap(steps))(
    '$command',
    async ({ command, output }) => {
      const [path = '', from = '', to = ''] = broken[command] ?? []
      const root = await firstProjectIn({ [path]: firstProject[path]?.replace(from, to) ?? '' })
      await mkdir(join(root, 'shop'))
      const printed = await runOnTerminal(command.split(' ').slice(1), root)
      expect(settled(printed.replace('- made the schema shop\n', ''))).toBe(settled(output))
    },
  )
})

describe('settings', () => {
  test('both forms of a view say the same', async () => {
    const heading = '### Settings of a view'
    const yaml = await salesWith('yaml', blocks(heading, 'yaml')[0] ?? '')
    expect(await salesWith('conf', blocks(heading, 'ini')[0] ?? '')).toEqual(yaml)
    expect(yaml).toMatchObject({ interval: 3_600_000, grantSelect: ['reporter', 'joan'], tags: ['finance'] })
    const shown = (blocks(heading, 'yaml')[0] ?? '').match(/^\w+(?=:)/gm)
    expect(firstColumn(heading).toSorted()).toEqual(shown?.toSorted())
  })

  test('those of a project are all there are, and their example is right', async () => {
    expect(firstColumn('### duro.yaml').toSorted()).toEqual(Object.keys(projectSettingsFields).toSorted())
    const { root } = await writeProject({
      'duro.yaml': blocks('### duro.yaml', 'yaml')[0] ?? '',
      'views/shop/sales.sql': 'select 1',
    })
    const project = await loadProject(root, {
      parser: await loadPostgresParser(),
      env: { DB_PASSWORD: 'secret' },
    })
    expect(project.settings).toMatchObject({ concurrency: 2, swap: { giveUpAfter: 120_000 } })
  })
})

test('the exit codes are all there are', () => {
  const codes = firstColumn('### Exit codes').map(Number)
  expect(codes).toEqual([...Object.values(exitCodes), 130, 143, 129])
})

describe('cron', () => {
  let duroOnPath: string

  beforeAll(async () => {
    duroOnPath = await makeTemporaryFolder('bin')
    const program = join(duroOnPath, 'duro')
    await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${repositoryRoot}/bin/duro.js' "$@"\n`)
    await chmod(program, 0o755)
  })

  test('the line does its work in silence', async () => {
    const root = await firstProjectIn()
    const line = /^(?:\S+ ){5}(.*)$/m.exec(blocks('## From cron', 'crontab')[0] ?? '')?.[1] ?? ''
    const command = line.replace('/srv/shop', root)
    const env = { PATH: `${duroOnPath}:/usr/bin:/bin`, HOME: root }
    const { stdout, stderr } = await promisify(execFile)('/bin/sh', ['-c', command], { env })
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
    expect((await runDuro(['history'], { cwd: root })).stdout).toContain('published')
  })
})

test('the names of packages and versions are those of package.json', async () => {
  const text = await readFile(join(repositoryRoot, 'package.json'), 'utf8')
  const { name, version } = z.object({ name: z.string(), version: z.string() }).parse(JSON.parse(text))
  expect(new Set(readme.match(/duro-\d[\d.]*\.tgz/g))).toEqual(new Set([`${name}-${version}.tgz`]))
  expect(text).toContain('"node": ">=20.19"')
  expect(readme).toContain('Node.js 20.19 or newer')
})
