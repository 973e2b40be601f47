import { parseDuration } from './duration.ts'

/** The interval in a file's name, as written; `milliseconds` is null when it cannot be read. */
export interface FileInterval {
  text: string
  milliseconds: number | null
}

/** What a file is, by its name alone. */
export type FileName =
  | {
      kind: 'select' | 'test' | 'settings' | 'processor'
      /** `cities`, or `first.cities` in the flat layout: exact case, in Unicode's composed form. */
      stem: string
      interval: FileInterval | null
    }
  | { kind: 'misspelt'; extension: string; meant: string }
  | { kind: 'other' }

const EXTENSIONS = ['sql', 'conf', 'yaml', 'yml']

// The last dash with white space around it; \s covers the no-break spaces. A dash at the very end is an
// interval that was forgotten, and one at the very beginning a name that was.
const SEPARATOR = /^(?<stem>.*\S)?(?:^|\s+)[—–-](?:\s+(?<interval>\S.*?))?\s*$/su

export function parseFileName(fileName: string): FileName {
  // macOS hands out decomposed names, while SQL is typed composed.
  const name = fileName.normalize('NFC')
  if (name.startsWith('.')) return { kind: 'other' }
  if (name.endsWith('_requirements.txt'))
    return named('processor', name.slice(0, -'_requirements.txt'.length))
  if (name.endsWith('.py')) return named('processor', name.slice(0, -'.py'.length))
  const dot = name.lastIndexOf('.')
  const extension = name.slice(dot + 1)
  const body = name.slice(0, dot)
  if (dot < 0) return { kind: 'other' }
  if (extension === 'sql') return parseSqlName(body)
  if (EXTENSIONS.includes(extension)) return named('settings', body)
  const meant = EXTENSIONS.find((known) => sameLetters(known, extension))
  return meant === undefined ? { kind: 'other' } : { kind: 'misspelt', extension, meant }
}

function parseSqlName(body: string): FileName {
  const { stem, interval } = separate(body)
  if (stem.endsWith('_test')) return { kind: 'test', stem: stem.slice(0, -'_test'.length), interval }
  if (stem.endsWith('_select')) return { kind: 'processor', stem: stem.slice(0, -'_select'.length), interval }
  return { kind: 'select', stem, interval }
}

function named(kind: 'settings' | 'processor', body: string): FileName {
  return { kind, ...separate(body) }
}

function separate(body: string): { stem: string; interval: FileInterval | null } {
  const groups = SEPARATOR.exec(body)?.groups
  if (groups === undefined) return { stem: body, interval: null }
  const text = groups['interval'] ?? ''
  return { stem: groups['stem'] ?? '', interval: { text, milliseconds: parseDuration(text) } }
}

/** `SQL` and `slq` are `sql` mistyped; `sql~` and `bak` are somebody's own. */
function sameLetters(a: string, b: string): boolean {
  return sortedLetters(a) === sortedLetters(b)
}

function sortedLetters(word: string): string {
  return Array.from(word.toLowerCase()).toSorted().join('')
}
