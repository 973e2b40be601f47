import { expect, test } from 'vitest'

import { kinds } from '../crash/strike.ts'
import { printTable } from '../table.ts'
import { openHistoryScene, strikeHistory, type WhichCopy } from './scene.ts'

/** 1 hits every statement; more leaves statements out, for a quick look. */
const every = Number(process.env['DURO_PROVE_EVERY'] ?? 1)

test.each<WhichCopy>(['first', 'later'])(
  'whatever ends a run at any statement of its %s copy, each version is copied exactly once',
  async (which) => {
    const scene = await openHistoryScene(which)
    try {
      const blows = kinds
        .flatMap((kind) => scene.statements.map((at) => ({ kind, at, wrong: [] as string[] })))
        .filter((_, index) => index % every === 0)
      for (const blow of blows) blow.wrong = await strikeHistory(scene, blow.at, blow.kind)
      printTable(
        `${which} copy: ${scene.statements.length} statements`,
        ['how', 'runs', 'wrong'],
        kinds.map((kind) => {
          const of = blows.filter((blow) => blow.kind === kind)
          return [kind, of.length, of.filter(({ wrong }) => wrong.length > 0).length]
        }),
      )
      expect(blows.filter(({ wrong }) => wrong.length > 0)).toEqual([])
    } finally {
      await scene.close()
    }
  },
)
