import { expect, test } from 'vitest'
import { checkCsvHeader } from '../../../src/engine/check-csv-header.ts'
import { foldIdentifier } from '../../../src/sql/identifiers.ts'
import { makeProject } from '../graph/make-project.ts'

const [view] = makeProject({ 'first.cities': {} }).views.values()
const table = { allowed: ['name', 'people', 'note'], wanted: ['name', 'people'] }

const asWritten = (column: string): string => column
const folded = (column: string): string => foldIdentifier(column)

/** What the error says of the CSV; null: there is none. */
function complaint(columns: readonly string[], nameOf: (column: string) => string): string | null {
  if (view === undefined) throw new Error('there is no view')
  try {
    checkCsvHeader(view, columns, table, nameOf)
    return null
  } catch (error) {
    return String(error).replace(/^.*first\.cities could not be built: the CSV /, '')
  }
}

test.each([
  [['people', 'name'], null],
  [['name', 'people', 'note'], null],
  [['note'], 'lacks the column name, people'],
  [['name', 'people', 'more', ' x', ''], 'has the column more, " x", "", which the table lacks'],
  [['name', 'people', 'name'], 'has the column name twice'],
  [['Name', 'people'], 'lacks the column name, and has the column Name, which the table lacks'],
])('of %j it is said: %s', (columns, expected) => {
  expect(complaint(columns, asWritten)).toBe(expected)
})

test.each([
  [['Name', 'PEOPLE'], null],
  [['Name', 'people', 'More'], 'has the column More, which the table lacks'],
  [['name', 'people', 'NAME'], 'has the column NAME twice'],
])('where names are folded, of %j it is said: %s', (columns, expected) => {
  expect(complaint(columns, folded)).toBe(expected)
})
