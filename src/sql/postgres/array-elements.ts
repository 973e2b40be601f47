import type { Span } from '../parser.ts'

/** One element of the text of an array that stands in a string: `{first.cities,"first.user"}`. */
export interface ArrayElement {
  /** What it says, without quotes. */
  value: string
  /** In the text that the string stands in, with its quotes. */
  span: Span
  /** Another name in its place, quoted as the array and the string around it have it. */
  write: (name: string) => string
}

/** How a string is written. */
interface Form {
  begin: RegExp
  read: (contents: string) => string
  write: (contents: string) => string
}

const same = (contents: string): string => contents
const double = (contents: string): string => contents.replaceAll("'", "''")
const undouble = (contents: string): string => contents.replaceAll("''", "'")

const forms: readonly Form[] = [
  { begin: /^'/, read: undouble, write: double },
  // With an escape in it, what stands where is not said.
  {
    begin: /^[eE]'(?=[^\\]*$)/,
    read: undouble,
    write: (contents) => double(contents.replaceAll('\\', '\\\\')),
  },
  { begin: /^\$[^$]*\$/, read: same, write: same },
]

// A quoted element, or one without quotes: what is both, the server takes apart in ways that differ by version.
const element = /(?<=[{,]\s*)(?:"((?:[^"\\]|\\[^])*)"|([^{},"\\\s](?:[^{},"\\]*[^{},"\\\s])?))(?=\s*[,}])/g

/**
 * The elements that can be exchanged in place, of an array of whatever dimensions.
 * @param string the constant as it is written, in one piece
 * @param start where it stands
 */
export function arrayElements(string: string, start: number): ArrayElement[] {
  const form = forms.find(({ begin }) => begin.test(string))
  const before = form?.begin.exec(string)?.[0].length ?? 0
  const contents = string.slice(before, string.startsWith('$') ? -before : -1)
  if (form === undefined) return []
  return [...contents.matchAll(element)].flatMap((match) => {
    const [whole, quoted, plain = ''] = match
    if (plain.toLowerCase() === 'null') return []
    const from = start + before + match.index
    return {
      value: form.read(quoted?.replaceAll(/\\([^])/g, '$1') ?? plain),
      span: { start: from, end: from + whole.length },
      write: (name) => form.write(quoteElement(name)),
    }
  })
}

const quoteElement = (name: string): string =>
  /[{}",\\\s]/.test(name) ? `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"` : name
