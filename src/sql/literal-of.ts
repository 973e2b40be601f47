import type { EngineName } from './engine-name.ts'
import { quoteLiteral } from './identifiers.ts'
import { quoteRedshiftLiteral } from './redshift/quote-literal.ts'

/** The one function that writes a text as a string constant for this server. */
export const literalOf = (engine: EngineName): ((text: string) => string) =>
  engine === 'redshift' ? quoteRedshiftLiteral : quoteLiteral
