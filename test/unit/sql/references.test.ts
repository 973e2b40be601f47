import { describe } from 'vitest'

import { loadPostgresParser } from '../../../src/sql/postgres/postgres-parser.ts'
import { arbitraryQuery } from './queries/arbitrary-query.ts'
import { testReferences } from './queries/test-references.ts'
import { traps } from './queries/traps.ts'

const parser = await loadPostgresParser()

describe('references', () => {
  testReferences(parser, traps, arbitraryQuery, 500)
})
