import { quoteRedshiftLiteral } from '../../sql/redshift/quote-literal.ts'

/** Texts as `in (…)` takes them: a statement on the leader node takes no array. At least one. */
export const literals = (texts: readonly string[]): string =>
  [...new Set(texts)].map(quoteRedshiftLiteral).join(', ')
