import { describe, expect, test } from 'vitest'

import { openHistoryScene, strikeHistory, type WhichCopy } from '../../prove/history/scene.ts'

describe.concurrent('a run that is killed at any statement', () => {
  test.each<WhichCopy>(['first', 'later'])(
    'of its %s copy has each version copied exactly once by the next run',
    async (which) => {
      const scene = await openHistoryScene(which)
      try {
        // Connecting, reading, the copy, pruning, and the notes in the state tables between them.
        expect(scene.statements.length).toBeGreaterThan(18)
        // The way to a later copy is the same, until something is to be pruned.
        const from = which === 'first' ? 0 : scene.statements.findIndex((at) => at.includes('"taken_at" <'))
        for (const [index, at] of scene.statements.slice(from).entries()) {
          // `npm run prove:history` strikes each of them in every way.
          const kind = index % 2 === 0 ? 'kill during' : 'kill before'
          expect({ at, kind, wrong: await strikeHistory(scene, at, kind) }).toEqual({ at, kind, wrong: [] })
        }
      } finally {
        await scene.close()
      }
    },
    400_000,
  )
})
