import { DuroError } from '../../errors.ts'

/** The text as a string constant of Redshift, where a backslash is an escape in every one of them. */
export function quoteRedshiftLiteral(text: string): string {
  if (text.includes('\0')) throw new DuroError('sql', 'a text in SQL cannot contain the character NUL')
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
