import { expect, test } from 'vitest'
import {
  createRelation,
  type TableKeys,
} from '../../../../../src/engine/redshift/statements/create-relation.ts'

const plain: TableKeys = { backup: true, diststyle: null, distkey: null, sortkey: null }

test.each<[Partial<TableKeys>, string]>([
  [{}, 'create table a.b as\n'],
  [{ backup: false }, 'create table a.b backup no as\n'],
  [{ diststyle: 'all' }, 'create table a.b diststyle all as\n'],
  [{ distkey: 'Customer' }, 'create table a.b distkey(customer) as\n'],
  [
    { sortkey: { kind: 'compound', columns: ['day', 'tag'] } },
    'create table a.b compound sortkey(day, "tag") as\n',
  ],
  [
    { backup: false, diststyle: 'key', distkey: 'id', sortkey: { kind: 'interleaved', columns: ['a', 'b'] } },
    'create table a.b backup no diststyle key distkey(id) interleaved sortkey(a, b) as\n',
  ],
])('%j', (keys, head) => {
  const { text, selectStart } = createRelation('table', 'a.b', 'select 1 -- last', { ...plain, ...keys })
  expect(text).toBe(`${head}select 1 -- last\n`)
  expect(text.slice(selectStart)).toBe('select 1 -- last\n')
})

test('a plain view has no keys', () => {
  const { text } = createRelation('view', 'a.b', 'select 1', { ...plain, backup: false })
  expect(text).toBe('create view a.b as\nselect 1\n')
})
