import { availableParallelism } from 'node:os'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { printTable } from '../table.ts'
import { killAfter, timeOf } from './random.ts'
import { openScene, type OpenScene, type SceneName } from './scenes.ts'
import { openStoppableScene } from './server-stop.ts'
import { type Blow, kinds, type Scene, strikeAt } from './strike.ts'

/** 1 hits every statement; more leaves statements out, for a quick look. */
const every = Number(process.env['DURO_PROVE_EVERY'] ?? 1)
const randomKills = Math.ceil(100 / every)
const side = Math.max(2, availableParallelism())

interface Told extends Blow {
  how: string
}

/** Works through a queue on several scenes at once, and says at once what is wrong. */
async function workThrough<S, T>(
  scenes: readonly S[],
  tasks: readonly T[],
  work: (scene: S, task: T) => Promise<Told & { at: string }>,
): Promise<Told[]> {
  const queue = tasks.toReversed()
  const blows: Told[] = []
  await Promise.all(
    scenes.map(async (scene) => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const blow = await work(scene, next)
        blows.push(blow)
        for (const wrong of blow.wrong)
          process.stdout.write(`${blow.how}: ${blow.at.slice(0, 160)}\n    ${wrong}\n`)
        if (blows.length % 100 === 0) process.stdout.write(`${blows.length} of ${tasks.length}\n`)
      }
    }),
  )
  return blows
}

/** @returns what went wrong, of which there should be nothing */
function report(title: string, blows: readonly Told[]): unknown[] {
  printTable(
    title,
    ['how', 'runs', 'struck', 'old set live', 'new set live', 'nothing live', 'wrong'],
    [...new Set(blows.map((blow) => blow.how))].toSorted().map((how) => {
      const of = blows.filter((blow) => blow.how === how)
      const count = (is: (blow: Blow) => boolean): number => of.filter(is).length
      return [
        how,
        of.length,
        count((blow) => blow.struck),
        count((blow) => blow.live === 'old'),
        count((blow) => blow.live === 'new'),
        count((blow) => blow.live === 'nothing'),
        count((blow) => blow.wrong.length > 0),
      ]
    }),
  )
  return blows.filter((blow) => blow.wrong.length > 0).map((blow) => [blow.how, blow.wrong])
}

describe.each<SceneName>(['refresh', 'first refresh', 'swap --back'])('%s', (name) => {
  let scenes: OpenScene[] = []
  beforeAll(async () => {
    scenes = await Promise.all(Array.from({ length: side }, () => openScene(name)))
  })
  afterAll(async () => {
    for (const scene of scenes) await scene.close()
  })

  test('whatever ends it at any statement, the set is whole and nothing is left', async () => {
    const statements = scenes[0]?.statements ?? []
    const tasks = statements
      .flatMap((at) => kinds.map((how) => ({ at, how })))
      .filter((_, index) => (index + Math.floor(index / kinds.length)) % every === 0)
    const blows = await workThrough(scenes, tasks, async (scene, task) => ({
      ...task,
      ...(await strikeAt(scene, task.at, task.how)),
    }))
    expect(
      report(
        `${name}: ${statements.length} statements, ${every === 1 ? 'each' : `every ${every}th`} in ${kinds.length} ways`,
        blows,
      ),
    ).toEqual([])
  })

  test('whenever it is killed, the set is whole and nothing is left', async () => {
    const [first] = scenes
    const whole = first === undefined ? 0 : await timeOf(first)
    const blows = await workThrough(
      scenes,
      Array.from({ length: randomKills }, (_, kill) => kill),
      async (scene: Scene) => {
        const at = Math.random() * whole
        return { how: 'kill at a random time', at: `${at.toFixed(0)} ms`, ...(await killAfter(scene, at)) }
      },
    )
    expect(report(`${name}: killed at random within ${whole.toFixed(0)} ms`, blows)).toEqual([])
  })
})

test('a server that is stopped at once comes back with a whole set', async () => {
  const scene = await openStoppableScene()
  try {
    const tasks = scene.statements.filter((_, index) => index % (3 * every) === 0)
    const blows = await workThrough([scene], tasks, async (_, at) => ({
      how: 'immediate stop',
      at,
      ...(await scene.stopAt(at)),
    }))
    const title = `refresh: the server stopped at every ${3 * every}th of ${scene.statements.length} statements`
    expect(report(title, blows)).toEqual([])
  } finally {
    await scene.close()
  }
})
