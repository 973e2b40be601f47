import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { ProblemList } from '../../../src/project/problem-list.ts'
import { canonicalForm } from '../../../src/project/settings/canonical-form.ts'
import { checkShape } from '../../../src/project/settings/check-shape.ts'
import { completeSettings } from '../../../src/project/settings/complete-settings.ts'
import { parseConfSettings } from '../../../src/project/settings/conf-settings.ts'
import { mergeSettings } from '../../../src/project/settings/merge-settings.ts'
import { viewSettingsSchema } from '../../../src/project/settings/view-settings-schema.ts'
import { parseYamlSettings } from '../../../src/project/settings/yaml-settings.ts'
import type { ViewSettings } from '../../../src/project/view-settings.ts'

function read(parse: typeof parseConfSettings, text: string): ViewSettings {
  const problems = new ProblemList()
  const tree = parse('cities', text, problems)
  const layer = tree && checkShape(viewSettingsSchema, mergeSettings([canonicalForm(tree)]), problems)
  expect(problems.sorted()).toEqual([])
  if (layer === null) throw new Error('not read')
  return completeSettings(layer, 'postgres')
}

const fromConf = (text: string) => read(parseConfSettings, text)
const fromYaml = (text: string) => read(parseYamlSettings, text)

describe('a line and what it means in YAML', () => {
  test.each<[string, string]>([
    ['interval=1h', 'interval: 1h'],
    ['  interval   =   1h   # an hour', 'interval: 1h'],
    ['# all\n\ninterval = 1h\r\ntags = a\r\n', 'interval: 1h\ntags: [a]'],
    ['grant_select = reporter, +joan', 'grant_select: [reporter, +joan]'],
    ['grant_select += joan', 'grant_select: [+joan]'],
    ['grant_select+=joan, jane\ngrant_select-=bob', 'grant_select: [+joan, +jane, -bob]'],
    ['grant_select += joan\ngrant_select = reporter', 'grant_select: [reporter, +joan]'],
    ['sortkey = a, b', 'sortkey: [a, b]'],
    ['sortkey = a', 'sortkey: { compound: a }'],
    ['sortkey.interleaved = a, b', 'sortkey: { interleaved: [a, b] }'],
    ['backup = false', 'backup: false'],
    ['grant_select = null', 'grant_select: null'],
    ['grant_select =', 'grant_select:'],
    ['tags += [a, b]', 'tags: [+a, +b]'],
    ['tags = \'a, b\', c#d, "e # f" # g', "tags: ['a, b', c#d, 'e # f']"],
    [
      'totals.amount=sum(total)\ntotals.n = count(distinct a, b)',
      'totals: { amount: sum(total), n: "count(distinct a, b)" }',
    ],
    ['totals.a = sum(a) filter (where b = 1)', 'totals: { a: sum(a) filter (where b = 1) }'],
    [
      'totals.a = sum(a)\nlimits.a.max_decrease=5%\nlimits.a.max_increase = 7',
      'totals: { a: sum(a) }\nlimits: { a: { max_decrease: 5%, max_increase: 7 } }',
    ],
    ['tests.not_null=customer, name', 'tests: { not_null: [customer, name] }'],
    ['tests.unique = id, year', 'tests: { unique: [[id], [year]] }'],
    ['tests.unique = [[id, year]]', 'tests: { unique: [[id, year]] }'],
    ["tests.accepted_values.a = 1, x, true, '2'", "tests: { accepted_values: { a: [1, x, true, '2'] } }"],
    [
      'tests.relationships.a.to = b.c\ntests.relationships.a.field = d',
      'tests: { relationships: [{ column: a, to: b.c, field: d }] }',
    ],
    [
      "indexes = customer, lower(a || ', ')",
      'indexes:\n  - columns: [customer]\n  - columns: ["lower(a || \', \')"]',
    ],
    ['indexes = [{ columns: [a, b], unique: true }] # both', 'indexes: [{ columns: [a, b], unique: true }]'],
    ['columns = {a.b: x}\ncolumns.c = y', 'columns: { a.b: x, c: y }'],
    ["description = it's, well: fine @ 5 o'clock", 'description: "it\'s, well: fine @ 5 o\'clock"'],
    ['description = "  a\\tb  "', 'description: "  a\\tb  "'],
    ['depends_on = a.b, c.d', 'depends_on: [a.b, c.d]'],
  ])('%j', (conf, yaml) => {
    expect(fromConf(conf)).toEqual(fromYaml(yaml))
  })
})

test.each<[string, string]>([
  ['tags: a, b', 'tags: [a, b]'],
  ['tags: "a, b"', 'tags: ["a, b"]'],
  ['indexes: { columns: a, include: "b" }', 'indexes: [{ columns: [a], include: [b] }]'],
  ['tests: { unique: a }', 'tests: { unique: [[a]] }'],
  ['tests: { unique: [a, [b, c]] }', 'tests: { unique: [[a], [b, c]] }'],
  ['tests: { accepted_values: [{ column: a, values: [x] }] }', 'tests: { accepted_values: { a: [x] } }'],
  [
    'tests: { relationships: { column: a, to: b.c, field: d } }',
    'tests: { relationships: [{ column: a, to: b.c, field: d }] }',
  ],
  [
    'tests: { relationships: { a: { to: b.c, field: d } } }',
    'tests: { relationships: [{ column: a, to: b.c, field: d }] }',
  ],
])('%s is short for %s', (short, long) => {
  expect(fromYaml(short)).toEqual(fromYaml(long))
})

test('the same settings, written both ways, are equal', () => {
  fc.assert(
    fc.property(settings, (value) => {
      expect(fromConf(asConf(value))).toEqual(fromYaml(stringify(value)))
    }),
  )
})

type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

/** One line for every leaf; lists as text where that says the same. */
function asConf(value: Record<string, Value>, path = ''): string {
  return Object.entries(value)
    .map(([key, inner]) => {
      const name = path + key
      if (Array.isArray(inner))
        return `${name} = ${inner.every(isWord) && inner.length > 0 ? inner.join(', ') : JSON.stringify(inner)}\n`
      if (isMap(inner)) return Object.keys(inner).length === 0 ? `${name} = {}\n` : asConf(inner, `${name}.`)
      return `${name} = ${isWord(inner) ? inner : JSON.stringify(inner)}\n`
    })
    .join('')
}

function isMap(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWord(value: Value): value is string {
  return typeof value === 'string' && /^[a-z+-][a-z.]*$/.test(value) && !/^(null|true|false)$/.test(value)
}

const anyText = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== '')
const column = fc.oneof(fc.constantFrom('a', 'b', 'customer'), anyText)
const key = fc.constantFrom('a', 'b', 'näme', 'null', '7')
const names = fc.array(
  fc.oneof(
    fc.constantFrom('joan', '+jane', '-bob'),
    anyText.filter((text) => !/^[+-]/.test(text)),
  ),
)
const address = fc.constantFrom('first.people', 'second.a')
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 6 })
const limit = nullable(fc.constantFrom('5%', 10, 0.5))

const settings: fc.Arbitrary<Record<string, Value>> = fc.record(
  {
    interval: nullable(fc.constantFrom('1h', '30m', '7d')),
    materialized: nullable(fc.constantFrom('view', 'table')),
    grant_select: nullable(names),
    tags: nullable(names),
    indexes: nullable(
      fc.array(
        fc.record(
          { columns: fc.array(column, { minLength: 1 }), unique: fc.boolean(), where: nullable(anyText) },
          { requiredKeys: ['columns'] },
        ),
      ),
    ),
    totals: nullable(fc.dictionary(key, nullable(fc.oneof(fc.constant('sum(a, b)'), anyText)))),
    limits: nullable(
      fc.dictionary(key, fc.record({ max_decrease: limit, max_increase: limit }, { requiredKeys: [] })),
    ),
    tests: nullable(
      fc.record(
        {
          not_null: nullable(fc.array(column)),
          unique: nullable(fc.array(fc.array(column, { minLength: 1 }))),
          accepted_values: nullable(
            fc.dictionary(key, fc.array(fc.oneof(anyText, fc.integer(), fc.boolean()), { minLength: 1 })),
          ),
          relationships: nullable(fc.array(fc.record({ column, to: address, field: column }))),
        },
        { requiredKeys: [] },
      ),
    ),
    depends_on: nullable(fc.array(address)),
    description: nullable(fc.oneof(fc.constant('it is # fine'), fc.string({ unit: 'grapheme' }))),
    columns: nullable(fc.dictionary(key, nullable(anyText))),
    timeout: nullable(fc.constantFrom('30s', '5m')),
    snapshots_interval: nullable(fc.constantFrom('1d', '24h')),
    snapshots_stored_for: nullable(fc.constantFrom('4w', '90d')),
  },
  { requiredKeys: [] },
)

test('a .conf file may have the line breaks of other systems', () => {
  const lines = [
    'tags = x',
    'indexes = [{ columns: [n], unique: true }]',
    'limits.rows = { max_decrease: 5% }',
    '',
  ]
  expect(fromConf(lines.join('\r\n'))).toEqual(fromConf(lines.join('\n')))
})
