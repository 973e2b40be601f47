import { SqlSyntaxError } from './parser.ts'

/**
 * A NUL would end the text early, and half a surrogate pair has no bytes in UTF-8.
 * @param server as people call it
 * @throws SqlSyntaxError
 */
export function refuseUnsendable(text: string, server: string): void {
  const offset = text.search(/[\0\uD800-\uDFFF]/u)
  if (offset >= 0) throw new SqlSyntaxError(`the text holds a character that ${server} cannot read`, offset)
}
