import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { findEndMarker } from '../../../../../src/engine/postgres/build/find-end-marker.ts'
import { makeTemporaryFolder } from '../../../../support/temporary-folder.ts'

const folder = await makeTemporaryFolder('marker')
const path = join(folder, 'rows.csv')

async function find(text: string): Promise<number | null> {
  await writeFile(path, text)
  return findEndMarker(path)
}

test.each([
  ['n\n\\.\nb\n', 2],
  ['n\n\\.', 2],
  ['n\r\n1\r\n\\.\r\n', 3],
  ['n\n"\n\\.\n"\n\\.\n', 5],
  ['n\n"\\."\n', null],
  ['n\n\\.,b\na,\\.\n', null],
  ['n\n"a ""\n\\.\n"" b"\n', null],
  ['', null],
])('%j has it in line %j', async (text, line) => {
  expect(await find(text)).toBe(line)
})

test('where a chunk of the file ends makes no difference', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -4, max: 4 }), async (shift) => {
      expect(await find(`n\n${'x'.repeat(65_536 - 3 + shift)}\n\\.\nlast\n`)).toBe(3)
      expect(await find(`n\n"${'x'.repeat(65_536 - 4 + shift)}\n\\.\n"\n`)).toBe(null)
    }),
    { numRuns: 30 },
  )
})
