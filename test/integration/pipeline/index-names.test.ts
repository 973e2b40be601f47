import { describe, expect, test } from 'vitest'

import { leftovers } from '../../support/catalog.ts'
import { hashed, readIndexes } from '../../support/index-names.ts'
import { makeWorld } from '../../support/world.ts'

const select = "select 1 as id, 2 as customer, 'x'::text as name"

const namedBoth = (one: string, other: string) => ({
  'views/first/a.yaml': `indexes: [{ columns: [id], name: ${one} }, { columns: [name], name: ${other} }]`,
})

describe('indexes whose names would meet', () => {
  test.each([
    ['methods', '[name, { columns: [name], method: hash }]', 'a_name_idx'],
    ['predicates', '[{ columns: [id], where: id > 1 }, { columns: [id], where: id < 1 }]', 'a_id_part_idx'],
    ['nothing', '[{ columns: [id] }, { columns: [id] }]', 'a_id_idx'],
  ])('are all made where they differ in %s, and stay at a refresh', async (_, declared, name) => {
    const world = await makeWorld('', {
      'views/first/a.sql': select,
      'views/first/a.yaml': `indexes: ${declared}`,
    })
    await world.refresh()
    const made = await readIndexes(world)
    expect(Object.keys(made)).toEqual([
      expect.stringMatching(hashed(name)),
      expect.stringMatching(hashed(name)),
    ])
    await world.refresh('--force')
    expect(await readIndexes(world)).toEqual(made)
    expect(await leftovers(world.url)).toEqual([])
  })

  test('are made on two views of a schema, and one that stands already keeps its name', async () => {
    const world = await makeWorld('', {
      'views/first/orders.sql': select,
      'views/first/orders.yaml': 'indexes: [{ columns: [customer, id] }]',
    })
    await world.refresh()
    const plain = 'orders_customer_id_idx'
    const before = { [plain]: 'orders USING btree (customer, id)' }
    expect(await readIndexes(world)).toEqual(before)
    await world.project.update({
      'views/first/orders_customer.sql': select,
      'views/first/orders_customer.yaml': 'indexes: [id]',
    })
    await world.refresh()
    await world.refresh('--force')
    const both = await readIndexes(world)
    const { [plain]: first, ...rest } = both
    expect(first).toBe(before[plain])
    expect(Object.entries(rest)).toEqual([
      [expect.stringMatching(hashed(plain)), 'orders_customer USING btree (id)'],
    ])

    await world.project.update({ 'views/first/orders.sql': null, 'views/first/orders.yaml': null })
    await world.duro(['cleanup', '--removed'])
    await world.refresh('--force')
    expect(await readIndexes(world)).toEqual(rest)
  })

  test('two indexes of a view may exchange their names', async () => {
    const world = await makeWorld('', { 'views/first/a.sql': select, ...namedBoth('one', 'other') })
    await world.refresh()
    await world.project.update(namedBoth('other', 'one'))
    await world.refresh()
    expect(await readIndexes(world)).toEqual({ one: 'a USING btree (name)', other: 'a USING btree (id)' })
  })
})
