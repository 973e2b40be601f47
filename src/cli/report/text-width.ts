import { stripVTControlCharacters } from 'node:util'

/** Characters that take two cells: East Asian wide and full-width ones, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u
/** Combining marks, joiners and other characters that take none. */
const zero = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u
const ascii = /^[\u0020-\u007e]*$/

/** One character as a person sees it, and the cells that it takes on a terminal. */
export interface Cell {
  text: string
  width: number
}

export function toCells(text: string): Cell[] {
  // The segmenter takes seconds for a text of some hundred thousand characters.
  if (ascii.test(text)) return Array.from(text, (character) => ({ text: character, width: 1 }))
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => {
    const width = zero.test(segment) ? 0 : wide.test(segment) ? 2 : 1
    return { text: segment, width }
  })
}

/** The cells that a text takes on a terminal, colours not counted. */
export function textWidth(text: string): number {
  if (ascii.test(text)) return text.length
  return toCells(stripVTControlCharacters(text)).reduce((sum, cell) => sum + cell.width, 0)
}

/** UTF-16 units that one character, with all that is joined to it, hardly ever exceeds. */
const longestCell = 16

/** The text itself, or as much of it as fits with an ellipsis at its end. For text without colours. */
export function cutToWidth(text: string, columns: number): string {
  // Of a value of any length only its beginning can be seen.
  const beginning = text.slice(0, longestCell * (columns + 1))
  if (beginning === text && textWidth(text) <= columns) return text
  let cut = ''
  let width = 0
  for (const cell of toCells(beginning)) {
    if (width + cell.width > columns - 1) break
    cut += cell.text
    width += cell.width
  }
  return columns > 0 ? `${cut.trimEnd()}…` : ''
}

export function padToWidth(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const padding = ' '.repeat(Math.max(0, columns - textWidth(text)))
  return align === 'left' ? text + padding : padding + text
}

/**
 * Text from files and rows, made harmless for a terminal and for its reader: control characters, and those
 * that turn the direction of writing, are spelled out. Line breaks and tabs stay where `keep` says so.
 */
export function printable(
  text: string,
  keep: 'line breaks and tabs' | 'tabs' | 'nothing' = 'nothing',
): string {
  const kept = keep === 'nothing' ? '' : keep === 'tabs' ? '\t' : '\t\n'
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (kept.includes(character)) return character
    return escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
