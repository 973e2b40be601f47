import { expect, test } from 'vitest'

import { openScene } from '../../prove/crash/scenes.ts'
import { kinds, strikeAt } from '../../prove/crash/strike.ts'

/** How many statements of a run are struck; `npm run prove:crash` strikes all of them, in all ways. */
const blows = 8

test('a run that is ended at a statement leaves a whole set, and nothing behind', async () => {
  const scene = await openScene('refresh')
  try {
    const step = Math.floor(scene.statements.length / blows)
    for (let index = 0; index < blows; index++) {
      const at = scene.statements[index * step] ?? ''
      const kind = kinds[index % kinds.length] ?? 'kill before'
      const { wrong } = await strikeAt(scene, at, kind)
      expect({ at, kind, wrong }).toEqual({ at, kind, wrong: [] })
    }
  } finally {
    await scene.close()
  }
}, 300_000)

test('a run whose own tables are cut off while it connects to them ends, and says why', async () => {
  const scene = await openScene('refresh')
  try {
    const connecting = scene.statements.filter((at) => /^duro state: (connect|set )/.test(at))
    expect(connecting.length).toBeGreaterThan(1)
    for (const at of connecting) {
      for (const kind of ['cut before', 'cut after', 'terminate'] as const) {
        const { wrong } = await strikeAt(scene, at, kind)
        expect({ at, kind, wrong }).toEqual({ at, kind, wrong: [] })
      }
    }
  } finally {
    await scene.close()
  }
}, 300_000)
