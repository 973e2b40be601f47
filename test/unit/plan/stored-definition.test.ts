import { expect, test } from 'vitest'
import { readDefinition, storedSettings } from '../../../src/plan/stored-definition.ts'

test.each([
  { sql: 'select 1', settings: 'a: 1\nmaterialized: view', questions: '0123456789abcdef' },
  { sql: 'select 1', settings: 'a: 1\nmaterialized: view' },
])('a definition is read as it was kept: %j', (definition) => {
  const settings = storedSettings(definition, () => true)
  expect(readDefinition({ sql: definition.sql, settings })).toEqual(definition)
})

test('where the fingerprint of the questions does not fit, the settings are kept as they are', () => {
  const definition = { sql: 'select 1', settings: 'a: 1', questions: '0123456789abcdef' }
  expect(storedSettings(definition, (text) => text.length < 10)).toBe('a: 1')
})
