import { charactersOf } from './characters-of.ts'

/**
 * Makes texts fit into a database with this encoding: what it lacks is written as JSON escapes it, `\u2014`, so that
 * texts which differ still do, and JSON means the same. No run may fail because of what it writes down of itself.
 * @param encoding as PostgreSQL calls it
 */
export function fitEncoding(encoding: string): (text: string) => string {
  const held = charactersOf(encoding)
  // No text of PostgreSQL holds a NUL.
  const foreign = held === null ? /\0/g : /[\0\u0080-\uFFFF]/g
  return (text) => text.replace(foreign, (unit) => (held !== null && held.has(unit) ? unit : escaped(unit)))
}

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
