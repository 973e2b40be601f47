import { Dialect, parse } from '@polyglot-sql/sdk'

/** What the server knows and the grammar does not. */
const unknownToGrammar = /^fetch forward \d+ from feed_input$/

/** What the grammar refuses, with what it says. */
export const refusedByGrammar = (statements: readonly { sql: string }[]): string[] =>
  statements
    .filter(({ sql }) => !unknownToGrammar.test(sql))
    .flatMap(({ sql }) => {
      const { success, error } = parse(sql, Dialect.Redshift)
      return success ? [] : [`${error}: ${sql}`]
    })
