import { parseDuration } from './duration.ts'

/** The interval in a file's name, as written; `milliseconds` is null when it cannot be read. */
export interface FileInterval {
  text: string
  milliseconds: number | null
}

/** What a file is, by its name alone. */
export type FileName =
  | {
      /** `input`, `script` and `requirements` are the files of a processor. */
      kind: 'view' | 'test' | 'settings' | 'input' | 'script' | 'requirements'
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
    return named('requirements', name.slice(0, -'_requirements.txt'.length))
  // A module that scripts import, and no script itself.
  if (name.startsWith('_') && name.endsWith('.py')) return { kind: 'other' }
  if (name.endsWith('.py')) return named('script', name.slice(0, -'.py'.length))
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
  if (stem.endsWith('_select')) return { kind: 'input', stem: stem.slice(0, -'_select'.length), interval }
  return { kind: 'view', stem, interval }
}

function named(kind: 'settings' | 'script' | 'requirements', body: string): FileName {
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
