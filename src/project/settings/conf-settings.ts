import { placeAt, type Place } from '../place.ts'
import type { ProblemList } from '../problem-list.ts'
import { ConfTree } from './conf-tree.ts'
import { plainScalar } from './plain-scalar.ts'
import type { MapNode, SettingsNode } from './settings-node.ts'
import { parseYamlValue } from './yaml-settings.ts'

/**
 * A settings file of `key = value` lines as a tree; null when it cannot be read, which is reported.
 *
 * `#` begins a comment at the start of a line or after white space. A dot in a key opens a level
 * (`totals.amount = sum(total)`), a value that begins with `[` or `{` is YAML, and `+=` and `-=` add to and take
 * from what a list inherits.
 */
export function parseConfSettings(file: string, text: string, problems: ProblemList): MapNode | null {
  const before = problems.size
  const tree = new ConfTree({ file, line: 1, column: 1 }, problems)
  let start = 0
  for (const line of text.split('\n')) {
    // The line break of other systems is no part of a value.
    parseLine({ file, text, start, end: start + line.replace(/\r$/, '').length }, tree, problems)
    start += line.length + 1
  }
  return problems.size > before ? null : tree.root()
}

/** A part of the file, by offsets. */
interface Part {
  file: string
  text: string
  start: number
  end: number
}

function parseLine(line: Part, tree: ConfTree, problems: ProblemList): void {
  const content = line.text.slice(line.start, line.end)
  const key = /^\s*(?<path>[^=]*?)\s*(?<operator>[+-]?)=/.exec(content)
  const place = placeOf(line, content.length - content.trimStart().length)
  if (content.trim() === '' || content.trimStart().startsWith('#')) return
  const path = key?.groups?.['path']?.split('.').map((step) => step.trim())
  if (key === null || path === undefined) {
    problems.add(place, 'expected "key = value"')
  } else if (path.includes('')) {
    problems.add(place, 'a key is missing before "="')
  } else {
    const value = parseValue({ ...line, start: line.start + key[0].length }, problems)
    if (value !== null) tree.set(path, key.groups?.['operator'] ?? '', value, place)
  }
}

function parseValue(part: Part, problems: ProblemList): SettingsNode | null {
  const content = part.text.slice(part.start, part.end)
  const indent = content.length - content.trimStart().length
  const start = part.start + indent
  if (/^[[{]/.test(content.trimStart())) return parseYamlValue({ ...part, start }, problems)
  return plainScalar(withoutComment(content).trim(), placeOf(part, indent))
}

/** As in YAML a `#` within a word or within quotes is no comment. */
function withoutComment(value: string): string {
  // A quote counts at the beginning of the value and of each item of a list.
  const beforeComment = /^(?:(?:^|,)\s*(?:'[^']*'|"(?:\\.|[^"\\])*")|(?!\s#|^#)[^])*/u.exec(value)
  return beforeComment?.[0] ?? value
}

function placeOf(part: Part, index: number): Place {
  return placeAt(part.file, part.text, part.start + index)
}
