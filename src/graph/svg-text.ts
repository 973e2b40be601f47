/** Within text and within quoted attributes. A control character cannot be in XML at all. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, ' ')
    .replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
}

/**
 * About how wide a text is in a sans-serif font; there is no font to measure at hand, and none is the same everywhere.
 * @param size of the font
 */
export function estimateWidth(text: string, size: number): number {
  let width = 0
  for (const character of text) width += widthOf(character)
  return width * size
}

/** In parts of the font's size, rather too wide than too narrow. */
function widthOf(character: string): number {
  if (/[ijlftrI.,:;'|()[\] ]/.test(character)) return 0.36
  if (/[mwMW@%]/.test(character)) return 0.92
  if (/[A-Z_]/.test(character)) return 0.7
  return (character.codePointAt(0) ?? 0) >= 0x2e_80 ? 1.05 : 0.59
}

/** Cut to a number of characters; the whole name is in the tooltip. */
export function shorten(text: string, most: number): string {
  const characters = Array.from(text)
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
