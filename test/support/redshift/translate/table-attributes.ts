import { syntaxError } from '../rejection.ts'
import { shorten } from './lexis.ts'
import { closing, isName, matches, splitAt, type Token } from '../sql/token.ts'

/** How Redshift keeps a table. */
export interface TableAttributes {
  diststyle: 'auto' | 'even' | 'all' | 'key' | null
  distkey: string | null
  sortkey: readonly string[]
  sortStyle: 'compound' | 'interleaved' | 'auto' | null
}

/** Reads `backup … diststyle … distkey … sortkey …`, which the grammar has in this order only. */
export function readTableAttributes(
  tokens: readonly Token[],
  from: number,
  options: { sortkeyAuto: boolean },
): { attributes: TableAttributes; end: number } {
  let at = from
  const attributes: TableAttributes = { diststyle: null, distkey: null, sortkey: [], sortStyle: null }
  if (matches(tokens, at, 'backup')) {
    if (!matches(tokens, at + 1, 'yes') && !matches(tokens, at + 1, 'no')) throw syntaxError(tokens[at + 1])
    at += 2
  }
  if (matches(tokens, at, 'diststyle')) {
    const style = tokens[at + 1]
    if (style?.kind !== 'word' || !isDistStyle(style.value)) throw syntaxError(style)
    attributes.diststyle = style.value
    at += 2
  }
  if (matches(tokens, at, 'distkey', '(')) {
    const names = readNames(tokens, at + 1)
    if (names.length !== 1) throw syntaxError(tokens[at + 3])
    attributes.distkey = names[0] ?? null
    at = closing(tokens, at + 1) + 1
  }
  const sortStyle = (['compound', 'interleaved'] as const).find((word) => matches(tokens, at, word))
  if (sortStyle !== undefined) at++
  if (matches(tokens, at, 'sortkey', '(')) {
    attributes.sortkey = readNames(tokens, at + 1)
    attributes.sortStyle = sortStyle ?? 'compound'
    at = closing(tokens, at + 1) + 1
  } else if (options.sortkeyAuto && sortStyle === undefined && matches(tokens, at, 'sortkey', 'auto')) {
    attributes.sortStyle = 'auto'
    at += 2
  } else if (sortStyle !== undefined) throw syntaxError(tokens[at])
  return { attributes, end: at }
}

/** The names of a list in parentheses. */
export function readNames(tokens: readonly Token[], open: number): string[] {
  return splitAt(tokens.slice(open + 1, closing(tokens, open)), ',').map((part) => {
    const [name] = part
    if (part.length !== 1 || !isName(name)) throw syntaxError(part[1] ?? name ?? tokens[open + 1])
    return shorten(name.value)
  })
}

function isDistStyle(value: string): value is NonNullable<TableAttributes['diststyle']> {
  return ['auto', 'even', 'all', 'key'].includes(value)
}
