import { chmod, readdir, readFile, readlink } from 'node:fs/promises'

import { describe, expect, onTestFinished, test } from 'vitest'

import { ProgramError, SqlError } from '../../../src/errors.ts'
import { disagreements, leftovers, relationIds } from '../../support/catalog.ts'
import { startDuro } from '../../support/cli.ts'
import { warnings } from '../../support/duro.ts'
import { serverVersionNumber } from '../../support/pg-version.ts'
import { hasPython, pathOnly } from '../../support/python.ts'
import { makeWorld, type World } from '../../support/world.ts'

const good = `
import sys
open(sys.argv[2], 'w').write('name,people\\nPeru,33\\n')
`
const files = {
  'views/first/countries_select.sql': 'select name from source',
  'views/first/countries.py': good,
  'views/first/countries — 1h.sql': 'create table countries (name text, people integer)',
}
const sources = `create table source as select 'Peru' as name`

/** A view that is live, whose script then becomes another one. */
async function makePublished(script: string, more: Record<string, string> = {}): Promise<World> {
  const world = await makeWorld(sources, files, pathOnly)
  await world.refresh()
  await world.project.update({ 'views/first/countries.py': script, ...more })
  return world
}

async function expectUntouched(world: World, before: Record<string, string>): Promise<void> {
  expect(await relationIds(world.url)).toEqual(before)
  expect(await world.sql('select name, people from first.countries')).toEqual([{ name: 'Peru', people: 33 }])
  expect(await leftovers(world.url)).toEqual([])
  expect(await disagreements(world.url)).toEqual([])
  expect(await readdir(world.project.file('.duro/work'))).toEqual([])
}

const write = (text: string): string => `import sys\nopen(sys.argv[2], 'wb').write(${text})`

describe.runIf(hasPython)('a script', () => {
  test.each([
    [
      'that fails',
      `raise ValueError('no such country')`,
      'countries.py ended with exit code 1',
      /ValueError: no such country/,
    ],
    [
      'that is killed',
      `import os, signal; os.kill(os.getpid(), signal.SIGSEGV)`,
      'countries.py was killed by SIGSEGV',
      /^$/,
    ],
    [
      'that prints gigabytes',
      `import sys\nfor i in range(300000): sys.stderr.write(f'{i} ' + 'x' * 500 + '\\n')\nsys.exit('the last word')`,
      'countries.py ended with exit code 1',
      /^…\n[^]*x\nthe last word$/,
    ],
  ])('%s shows what it printed last', async (_, script, message, output) => {
    const world = await makePublished(script)
    const before = await relationIds(world.url)
    const { error, code } = await world.duro(['refresh', '--force'])
    expect(code).toBe(1)
    expect(error).toBeInstanceOf(ProgramError)
    expect(error?.message).toBe(`first.countries could not be built: ${message}`)
    expect(error).toMatchObject({ output: expect.stringMatching(output) as unknown })
    expect(error instanceof ProgramError ? error.output.length : Infinity).toBeLessThan(9000)
    await expectUntouched(world, before)
  })

  test('that hangs is ended with all it has started, when the time of its view is up', async () => {
    const world = await makePublished(
      `import subprocess, sys
sys.stderr.write('begins\\n'); sys.stderr.flush()
subprocess.run(['sleep', '7531'])`,
      { 'views/first/countries.yaml': 'timeout: 3s' },
    )
    const before = await relationIds(world.url)
    const began = performance.now()
    const { error } = await world.duro(['refresh', '--force'])
    expect(performance.now() - began).toBeLessThan(15_000)
    expect(error).toMatchObject({
      message: 'first.countries was not built within 3s, and its build was cancelled',
      output: 'begins',
    })
    await expectUntouched(world, before)
    expect(await processesOf('sleep 7531')).toEqual([])
  })

  test('that writes no rows for the table is refused, with the reason', async () => {
    const world = await makePublished(good)
    const before = await relationIds(world.url)
    for (const [script, message] of [
      [`pass`, 'countries.py wrote no file'],
      [`import os, sys\nos.mkdir(sys.argv[2])`, 'countries.py wrote no file'],
      // To open one waits until somebody writes.
      [`import os, sys\nos.mkfifo(sys.argv[2])`, 'countries.py wrote no file'],
      [`import os, sys\nos.symlink('nowhere', sys.argv[2])`, 'countries.py wrote no file'],
      [write(`b''`), 'the CSV that countries.py wrote is empty'],
      [write(`b'name\\nPeru\\n'`), 'the CSV lacks the column people'],
      [write(`b'name,people,extra\\n'`), 'the CSV has the column extra, which the table lacks'],
      [write(`b'name,people,name\\n'`), 'the CSV has the column name twice'],
      [
        write(`b'Name,people\\n'`),
        'the CSV lacks the column name, and has the column Name, which the table lacks',
      ],
      [write(`b'name,"people\\n'`), 'the first line of the CSV that countries.py wrote cannot be read'],
    ] as const) {
      await world.project.update({ 'views/first/countries.py': script })
      const { error, code } = await world.duro(['refresh', '--force'])
      expect(code).toBe(1)
      expect(error?.message).toBe(`first.countries could not be built: ${message}`)
      await expectUntouched(world, before)
    }
  })

  test('that writes what the server refuses is told the line, and what it printed', async () => {
    const world = await makePublished(good)
    const before = await relationIds(world.url)
    for (const [csv, message, detail] of [
      [
        `b'name,people\\nPeru,1\\nChad,many\\n'`,
        'invalid input syntax for type integer: "many"',
        'line 3, column people: "many"',
      ],
      [`b'name,people\\nPeru,1,2\\n'`, 'extra data after last expected column', 'line 2: "Peru,1,2"'],
      [`b'name,people\\nPeru\\n'`, 'missing data for column "people"', 'line 2: "Peru"'],
      [`b'name,people\\n"Peru,1\\n'`, 'unterminated CSV quoted field', 'line 3: ""Peru,1'],
      [`b'name,people\\n\\xff,1\\n'`, 'invalid byte sequence for encoding "UTF8": 0xff', 'line 2'],
    ] as const) {
      await world.project.update({ 'views/first/countries.py': `${write(csv)}\nprint('I tried')` })
      const ran = await world.duro(['refresh', '--force'])
      expect(ran.code).toBe(1)
      expect(ran.error).toBeInstanceOf(SqlError)
      expect(ran.error?.message).toBe(`first.countries could not be built: ${message}`)
      expect(ran.error).toMatchObject({ detail: expect.stringContaining(`in the CSV, ${detail}`) as unknown })
      expect(warnings(ran)).toContain('countries.py printed before:\nI tried')
      await expectUntouched(world, before)
    }
  })

  test('a line that older servers take for the end of the data is a value, or refused', async () => {
    const table = { 'views/first/countries — 1h.sql': 'create table countries (name text)' }
    const rows = write(String.raw`b'name\n"\n\\.\n"\n\\.\nPeru\n'`)
    const world = await makeWorld(sources, { ...files, ...table, 'views/first/countries.py': rows }, pathOnly)
    const { code, error } = await world.duro(['refresh'])
    expect({ code, message: error?.message }).toEqual(
      serverVersionNumber() >= 180_000
        ? { code: 0, message: undefined }
        : { code: 1, message: 'first.countries could not be built: line 5 of the CSV is \\.' },
    )
    const read = 'select name from first.countries order by name collate "C" desc'
    const values = await world.sql(read).catch(() => null)
    expect(values?.map(({ name }) => name)).toEqual(code === 0 ? ['\\.', 'Peru', '\n\\.\n'] : undefined)
    await world.project.update({
      'views/first/countries.py': rows.replace(String.raw`\n\\.\nPeru`, String.raw`\n"\\."\nPeru`),
    })
    expect((await world.duro(['refresh'])).code).toBe(0)
    expect((await world.sql(read)).map(({ name }) => name)).toEqual(['\\.', 'Peru', '\n\\.\n'])
  })

  test('whose select is wrong is found before anything is built', async () => {
    const world = await makePublished(good, {
      'views/first/countries_select.sql': 'select\n  nmae\nfrom source',
    })
    const { error } = await world.duro(['refresh', '--force'])
    expect(error).toMatchObject({
      message: expect.stringContaining('column "nmae" does not exist') as unknown,
      location: { file: 'views/first/countries_select.sql', line: 2, column: 3 },
    })
  })

  test('whose table has a serial is refused with the remedy', async () => {
    const world = await makePublished(good, {
      'views/first/countries — 1h.sql': 'create table countries (id serial, name text, people integer)',
    })
    const { error } = await world.duro(['refresh'])
    expect(error?.message).toBe(
      'first.countries could not be built: column id is a serial, whose sequence would go with the old version',
    )
    expect(error).toMatchObject({ hint: 'Write `generated by default as identity` instead.' })
  })

  test('that cannot be started is told why', async () => {
    const world = await makeWorld(
      sources,
      {
        'views/first/countries — 1h.sql': 'create table countries (name text, people integer)',
        'views/first/fetch.sh': '#!/bin/sh\n',
        'views/first/countries.yaml': 'import: { command: [fetch.sh] }',
      },
      pathOnly,
    )
    const { error } = await world.duro(['refresh'])
    expect(error).toMatchObject({
      message: 'first.countries could not be built: fetch.sh may not be executed',
      hint: 'Make it executable (chmod +x), or name the program that runs it before: [sh, fetch.sh].',
    })
    await world.project.update({ 'views/first/fetch.sh': '#!/bin/sh\r\n' })
    await chmod(world.project.file('views/first/fetch.sh'), 0o755)
    expect((await world.duro(['refresh'])).error).toMatchObject({
      message: 'first.countries could not be built: fetch.sh cannot be started',
      hint: 'The program that its first line names (#!…) is not there, or that line ends as on Windows.',
    })
  })

  test('without a Python is told what to install', async () => {
    const world = await makeWorld(sources, files, { PATH: '/nonexistent' })
    const { error } = await world.duro(['refresh'])
    expect(error).toMatchObject({
      message: 'first.countries could not be built: python3 was not found',
      hint: 'Install Python 3, so that `python3` is found in PATH.',
    })
    expect(await leftovers(world.url)).toEqual([])
  })

  test('whose requirements cannot be installed shows what pip said', async () => {
    const world = await makePublished(good, {
      'views/first/countries_requirements.txt': 'this is no requirement\n',
    })
    const before = await relationIds(world.url)
    const { error } = await world.duro(['refresh'])
    expect(error?.message).toBe('first.countries could not be built: pip install ended with exit code 1')
    expect(error).toMatchObject({ output: expect.stringContaining('this is no requirement') as unknown })
    await expectUntouched(world, before)
  })
})

test.runIf(hasPython)('no secret that a script is given and prints is seen in any output', async () => {
  const world = await makePublished(
    `import os, sys; sys.exit('the secret is ' + os.environ['SHOP_SECRET'])`,
    {
      'duro.yaml': 'default_interval: 1h\ndatabase: postgres://me:${SHOP_SECRET}@nowhere/shop\n',
      'views/first/countries.yaml': 'env: SHOP_SECRET',
    },
  )
  for (const flags of [[], ['--json']]) {
    const running = startDuro(['refresh', '--force', '--database', world.url, ...flags], {
      cwd: world.project.root,
      env: { SHOP_SECRET: 'geheimnis-4711' },
    })
    const { code, stdout, stderr } = await running.result
    expect(code).toBe(1)
    expect(stdout + stderr).toContain('the secret is ***')
    expect(stdout + stderr).not.toContain('geheimnis-4711')
  }
})

const slow = `
import subprocess, sys, time
child = subprocess.Popen(['sleep', '8642'])
print('at work', flush=True)
open('began', 'w').close()
time.sleep(600)
`

async function startSlow(): Promise<{
  world: World
  running: ReturnType<typeof startDuro>
  before: Record<string, string>
}> {
  const world = await makePublished(slow)
  const before = await relationIds(world.url)
  const running = startDuro(['refresh', '--force', '--database', world.url], { cwd: world.project.root })
  onTestFinished(() => running.kill('SIGKILL'))
  await until(async () => (await filesBelow(world)).includes('began'))
  return { world, running, before }
}

describe.runIf(hasPython && process.platform === 'linux')(
  'a run that ends while its script is at work',
  () => {
    test.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('by %s takes it and what it has started along', async (signal, code) => {
      const { world, running, before } = await startSlow()
      running.kill(signal)
      expect((await running.result).code).toBe(code)
      expect(await processesIn(world)).toEqual([])
      await expectUntouched(world, before)
    })

    test('by a kill leaves the live set, and the next run removes the rest', async () => {
      const { world, running, before } = await startSlow()
      running.kill('SIGKILL')
      await running.result
      expect((await processesIn(world)).length).toBeGreaterThan(0)
      expect(await filesBelow(world)).toContain('began')
      await world.project.update({ 'views/first/countries.py': good })
      await world.refresh('--force')
      await until(async () => (await processesIn(world)).length === 0)
      expect(await readdir(world.project.file('.duro/work'))).toEqual([])
      expect(await relationIds(world.url)).not.toEqual(before)
      expect(await leftovers(world.url)).toEqual([])
    })
  },
)

async function filesBelow({ project }: World): Promise<string[]> {
  const all = await readdir(project.file('.duro/work'), { recursive: true }).catch(() => [])
  return all.map((path) => path.split('/').at(-1) ?? '')
}

/** The processes that work in the folder of a project. */
async function processesIn({ project }: World): Promise<string[]> {
  const found: string[] = []
  for (const pid of await readdir('/proc')) {
    const cwd = /^\d+$/.test(pid) ? await readlink(`/proc/${pid}/cwd`).catch(() => '') : ''
    if (cwd.startsWith(project.file('.duro'))) found.push(pid)
  }
  return found
}

async function processesOf(command: string): Promise<string[]> {
  if (process.platform !== 'linux') return []
  const found: string[] = []
  for (const pid of await readdir('/proc')) {
    const line = /^\d+$/.test(pid) ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : ''
    if (line.replaceAll('\0', ' ').trim() === command) found.push(pid)
  }
  return found
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}
