import { DuroError } from '../../errors.ts'

/** The text as a string constant of Redshift, where a backslash escapes within plain quotes, and `E''` is not always read. */
export function quoteRedshiftLiteral(value: string): string {
  if (value.includes('\0')) throw new DuroError('sql', 'a text in SQL cannot contain the character NUL')
  return `'${value.replaceAll(/['\\]/g, '$&$&')}'`
}
