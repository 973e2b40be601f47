import { DuroError } from '../../errors.ts'

/** The text as a string constant of Redshift, where a backslash escapes and `E''` is not accepted everywhere. */
export function quoteRedshiftLiteral(value: string): string {
  if (value.includes('\0')) throw new DuroError('sql', 'a text in SQL cannot contain the character NUL')
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
