import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { printTable } from '../table.ts'
import { openScene, type OpenScene, type SceneName } from './scenes.ts'
import { type Blow, kinds, strikeAt } from './strike.ts'

const every = Number(process.env['DURO_PROVE_EVERY'] ?? 1)

describe.each<SceneName>(['refresh', 'first refresh', 'swap --back'])('%s', (name) => {
  let scenes: OpenScene[] = []
  beforeAll(async () => {
    scenes = await Promise.all([openScene(name), openScene(name)])
  })
  afterAll(async () => {
    for (const scene of scenes) await scene.close()
  })

  test('whatever ends it at any statement, the set is whole and nothing is left', async () => {
    const statements = scenes[0]?.statements ?? []
    const all = statements
      .flatMap((at) => kinds.map((kind) => ({ at, kind })))
      .filter((_, index) => index % every === 0)
    const queue = all.toReversed()
    const blows: (Blow & (typeof all)[number])[] = []
    await Promise.all(
      scenes.map(async (scene) => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
          const blow = await strikeAt(scene, next.at, next.kind)
          blows.push({ ...next, ...blow })
          for (const wrong of blow.wrong)
            process.stdout.write(`${next.kind} at ${next.at.slice(0, 160)}\n    ${wrong}\n`)
        }
      }),
    )
    printTable(
      `${name}: ${statements.length} statements, each hit in ${kinds.length} ways`,
      ['how', 'runs', 'struck', 'old set live', 'new set live', 'nothing live', 'wrong'],
      kinds.map((kind) => {
        const of = blows.filter((blow) => blow.kind === kind)
        const count = (is: (blow: Blow) => boolean): number => of.filter(is).length
        return [
          kind,
          of.length,
          count((blow) => blow.struck),
          count((blow) => blow.live === 'old'),
          count((blow) => blow.live === 'new'),
          count((blow) => blow.live === 'nothing'),
          count((blow) => blow.wrong.length > 0),
        ]
      }),
    )
    expect(blows.filter((blow) => blow.wrong.length > 0)).toEqual([])
  })
})
