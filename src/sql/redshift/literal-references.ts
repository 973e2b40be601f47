import { foldIdentifier, maxRedshiftIdentifierBytes } from '../identifiers.ts'
import type { Reference } from '../parser.ts'
import { isPlainType } from '../postgres/read-name.ts'
import { splitQualifiedName } from '../postgres/qualified-name.ts'
import type { Token } from '../token.ts'

/**
 * The constants that are cast to regclass or regtype, which the server looks up: written `'x'::regclass`,
 * `cast('x' as regclass)`, `regclass 'x'` or `regclass('x')`.
 * @param tokens without comments
 */
export function literalReferences(tokens: readonly Token[]): Reference[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'string') return []
    const type = typeOf(tokens, index)
    if (type !== 'regclass' && type !== 'regtype') return []
    const text = contentOf(token.text)
    const parts = splitQualifiedName(text, maxRedshiftIdentifierBytes)?.map(foldIdentifier)
    if (parts === undefined || (type === 'regtype' && !isPlainType(text, parts))) return []
    const [name = '', schema = null, catalog] = parts.toReversed()
    const { start, end } = token
    return [
      { ...(catalog === undefined ? {} : { catalog }), schema, name, kind: 'literal', span: { start, end } },
    ]
  })
}

/** The type to which the constant at the index is cast. */
function typeOf(tokens: readonly Token[], index: number): string | null {
  const words = (from: number, count: number): string[] =>
    tokens.slice(from, from + count).map(({ text }) => text.toLowerCase())
  const behind = words(index + 1, 5)
  const [sign = ''] = behind
  if (sign === '::') return plainName(behind.slice(1))
  const before = words(Math.max(index - 4, 0), Math.min(index, 4))
  const [beforeLast, last] = [before.at(-2), before.at(-1)]
  if (last === '(' && beforeLast === 'cast' && sign === 'as') return plainName(behind.slice(1))
  if (last === '(' && sign === ')') return beforeLast ?? null
  return last ?? null
}

function plainName([first, dot, second, next]: string[]): string | null {
  const [name = null, after] = first === 'pg_catalog' && dot === '.' ? [second, next] : [first, dot]
  return after === '[' ? null : name
}

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** What a string constant says. */
function contentOf(written: string): string {
  if (written.startsWith('$'))
    return written.slice(written.indexOf('$', 1) + 1, written.lastIndexOf('$', written.length - 2))
  return written
    .slice(written.indexOf("'") + 1, -1)
    .replaceAll(/''|\\([0-7]{1,3})|\\([^])/g, (_, octal?: string, letter?: string) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
      return letter === undefined ? "'" : (escapes[letter] ?? letter)
    })
}
