/** A piece of a list and where it begins. */
export interface ListItem {
  text: string
  index: number
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/**
 * Splits `a, coalesce(b, c), 'd, e'` at its commas: not within brackets or quotes.
 * An apostrophe inside a word is not a quote. A comma at the end adds nothing.
 */
export function splitList(text: string): ListItem[] {
  const items: ListItem[] = []
  const open: string[] = []
  let quote: string | null = null
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (quote !== null) {
      if (char === quote) quote = null
    } else if (isQuote(char) && (open.length > 0 || text.slice(start, i).trim() === '')) {
      quote = char
    } else if (char in CLOSING) {
      open.push(CLOSING[char] ?? '')
    } else if (char === open.at(-1)) {
      open.pop()
    } else if (char === ',' && open.length === 0) {
      items.push(trimmed(text, start, i))
      start = i + 1
    }
  }
  const last = trimmed(text, start, text.length)
  return last.text === '' && items.length > 0 ? items : [...items, last]
}

function isQuote(char: string): boolean {
  return char === '"' || char === "'"
}

function trimmed(text: string, start: number, end: number): ListItem {
  const piece = text.slice(start, end)
  return { text: piece.trim(), index: start + piece.length - piece.trimStart().length }
}
