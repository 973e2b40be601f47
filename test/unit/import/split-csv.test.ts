import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine } from '../../../src/import/csv.ts'
import { splitCsv } from '../../../src/import/s3/split-csv.ts'

const nullMarker = '<null>'

/** Text as a file would be read, in pieces of so many bytes. */
async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

interface Sizes {
  piece?: number
  file?: number
}

async function filesOf(text: string, { piece = 1 << 16, file = 1 << 30 }: Sizes = {}): Promise<string[]> {
  const files: string[] = []
  const options = { columns: ['a', 'b'], nullMarker, fileBytes: file, failed: 'first.a could not be built' }
  for await (const one of splitCsv(inPieces(text, piece), options)) {
    const parts: Buffer[] = []
    for await (const bytes of one) parts.push(bytes)
    files.push(Buffer.concat(parts).toString())
  }
  return files
}

/** What the only file holds below its header. */
async function rewritten(text: string, sizes?: Sizes): Promise<string> {
  const [file = '', ...more] = await filesOf(text, sizes)
  expect(more).toEqual([])
  expect(file.slice(0, 8)).toBe('"a","b"\n')
  return file.slice(8)
}

describe('a row', () => {
  test.each([
    ['1,2\n', '"1","2"\n'],
    ['"1","2"\n', '"1","2"\n'],
    [',\n', '<null>,<null>\n'],
    ['"",\n', '"",<null>\n'],
    ['1,2', '"1","2"\n'],
    ['1,', '"1",<null>\n'],
    ['\n', '<null>\n'],
    ['a "b",c"d,e"\n', '"a b","cd,e"\n'],
    [' "a" , \n', '" a "," "\n'],
    ['"a"b"c"\n', '"abc"\n'],
    ['"a""b","""\n"""\n', '"a""b","""\n"""\n'],
    ['"a\r\nb","\r"\n', '"a\r\nb","\r"\n'],
    ['\\N,\\.\n', '"\\N","\\."\n'],
    ['ß,𝄞\n', '"ß","𝄞"\n'],
    ['', ''],
  ])('%j becomes %j', async (row, expected) => {
    expect(await rewritten(`a,b\n${row}`)).toBe(expected)
    expect(await rewritten(`a,b\n${row}`, { piece: 1 })).toBe(expected)
  })

  test.each(['\n', '\r\n', '\r'])('may end in %j', async (end) => {
    const text = ['a,b', '1,"2\r\n3\n4\r5"', '3,', ''].join(end)
    const expected = '"1","2\r\n3\n4\r5"\n"3",<null>\n'
    expect(await rewritten(text)).toBe(expected)
    expect(await rewritten(text, { piece: 1 })).toBe(expected)
  })
})

describe('what cannot be read', () => {
  test.each([
    ['a,b\n1,"2\n', 'the CSV ends within quotes'],
    [
      'a,b\n1,2\n3\r\n4,5\n',
      'has a row, the one behind the first 2, that ends otherwise than its first line',
    ],
    ['a,b\r\n1,2\n', 'that ends otherwise than its first line'],
    ['a,b\n1,\0\n', 'the CSV holds the character NUL'],
  ])('%j', async (text, message) => {
    await expect(filesOf(text)).rejects.toThrow(`first.a could not be built: `)
    await expect(filesOf(text)).rejects.toThrow(message)
    await expect(filesOf(text, { piece: 1 })).rejects.toThrow(message)
  })
})

test('a header of any form is left out, and written anew in one line', async () => {
  const options = { columns: ['a "b"', 'c\r\nd'], nullMarker, fileBytes: 1, failed: '' }
  const text = '"a ""b""","c\r\nd"\n1,2\n'
  for await (const file of splitCsv(inPieces(text, 64), options)) {
    const parts: Buffer[] = []
    for await (const bytes of file) parts.push(bytes)
    expect(Buffer.concat(parts).toString()).toBe('"a ""b""","c  d"\n"1","2"\n')
  }
})

test('without rows there is one file, with the header alone', async () => {
  expect(await filesOf('a,b')).toEqual(['"a","b"\n'])
  expect(await filesOf('a,b\r\n')).toEqual(['"a","b"\n'])
})

test('a row that is longer than a file is to be stays whole', async () => {
  const long = `"${'x\n'.repeat(500)}","1"\n`
  expect(await filesOf(`a,b\n${long.repeat(3)}`, { piece: 10, file: 100 })).toEqual(
    [long, long, long].map((row) => `"a","b"\n${row}`),
  )
})

test('files are as large as they are to be, give or take a piece', async () => {
  const row = `"${'x'.repeat(95)}"\n`
  const files = await filesOf(`a,b\n${row.repeat(1000)}`, { piece: 512, file: 10_000 })
  expect(files).toHaveLength(10)
  for (const file of files.slice(0, -1)) {
    expect(file.length).toBeGreaterThan(9_000)
    expect(file.length).toBeLessThan(11_000)
  }
})

const markedLine = (row: readonly (string | null)[]): string =>
  `${row.map((one) => (one === null ? nullMarker : csvLine([one]).slice(0, -1))).join(',')}\n`

describe('of any rows', () => {
  const value = fc.option(
    fc.oneof(
      fc.constantFrom('', '"', '\n', '\r\n', ',', nullMarker, '\\N', ' '),
      fc
        .array(fc.constantFrom('"', ',', '\n', '\r', 'a', ' ', 'ß', '𝄞'), { maxLength: 12 })
        .map((all) => all.join('')),
    ),
  )
  const rows = fc.array(fc.tuple(value, value), { maxLength: 30 })
  const size = fc.integer({ min: 1, max: 60 })

  test('the files without their headers are the file, whatever their size and that of its pieces', async () => {
    await fc.assert(
      fc.asyncProperty(rows, size, size, async (values, piece, file) => {
        const whole = values.map((row) => csvLine(row)).join('')
        const files = await filesOf(`a,b\n${whole}`, { piece, file })
        for (const one of files) expect(one.startsWith('"a","b"\n')).toBe(true)
        const expected = values.map((row) => markedLine(row)).join('')
        expect(files.map((one) => one.slice(8)).join('')).toBe(expected)
      }),
      { numRuns: 500 },
    )
  })

  test('every file ends with a row, and none but the only one is empty', async () => {
    await fc.assert(
      fc.asyncProperty(rows, size, size, async (values, piece, file) => {
        const lines = values.map((row) => csvLine(row.map((one) => one ?? '')))
        const files = await filesOf(`a,b\n${lines.join('')}`, { piece, file })
        const ends = new Set(lines.map((_, index) => lines.slice(0, index + 1).join('').length))
        let end = 0
        for (const one of files) {
          end += one.length - 8
          ends.delete(end)
        }
        // Each file takes one away, unless there is no row at all.
        expect(ends.size).toBe(lines.length === 0 ? 0 : lines.length - files.length)
      }),
      { numRuns: 500 },
    )
  })
})
