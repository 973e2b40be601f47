import { relative, resolve, sep } from 'node:path'
import { DuroError } from '../errors.ts'
import { filesOf } from '../project/feed.ts'
import { statementsOf, type View, type ViewName } from '../project/view.ts'
import { didYouMean } from './nearest.ts'
import type { SelectionContext, StateSelectors } from './selection-context.ts'

export interface TermMatch {
  views: readonly ViewName[]
  /** A person pointed at these views; tags and most states only describe them. */
  isNamed: boolean
}

const STATES: readonly (keyof StateSelectors)[] = ['changed', 'stale', 'missing', 'failed']

/**
 * The views that one term of a selector stands for, without its plus signs.
 *
 * @throws DuroError (usage) when there is none, naming the nearest; not for `state:`
 */
export function matchTerm(term: string, context: SelectionContext): TermMatch {
  const { views } = context
  if (views.has(term)) return { views: [term], isNamed: true }
  if (term.startsWith('tag:')) return { views: matchTag(term.slice('tag:'.length), views), isNamed: false }
  if (term.startsWith('state:')) {
    const state = parseState(term.slice('state:'.length))
    return { views: [...context.states[state]], isNamed: state === 'failed' }
  }
  const found = term.includes('*') ? matchGlob(term, views) : matchPath(term, context)
  if (found.length === 0) {
    const message = term === '' ? 'an empty argument chooses no view' : `no view matches ${term}`
    throw new DuroError('usage', message, { hint: hintFor(term, views) })
  }
  return { views: found, isNamed: true }
}

function matchTag(tag: string, views: ReadonlyMap<ViewName, View>): ViewName[] {
  const found = [...views.values()].filter(({ settings }) => settings.tags.includes(tag))
  if (found.length > 0) return found.map(({ name }) => name)
  const tags = new Set([...views.values()].flatMap(({ settings }) => settings.tags))
  throw new DuroError('usage', `no view has the tag ${tag}`, {
    hint: didYouMean(tag, tags) ?? (tags.size === 0 ? 'No view has any tag.' : listed('The tags are', tags)),
  })
}

function parseState(text: string): keyof StateSelectors {
  const state = STATES.find((each) => each === text)
  if (state !== undefined) return state
  throw new DuroError('usage', `there is no state:${text}`, {
    hint: didYouMean(text, STATES) ?? listed('The states are', STATES),
  })
}

/** `*` stands for any characters, the dot too: `first.*`, `*.cities`, `*sales*`. */
function matchGlob(glob: string, views: ReadonlyMap<ViewName, View>): ViewName[] {
  const parts = glob.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  const pattern = new RegExp(`^${parts.join('.*')}$`, 's')
  return [...views.keys()].filter((name) => pattern.test(name))
}

function matchPath(path: string, { views, root, cwd }: SelectionContext): ViewName[] {
  if (path === '') return []
  for (const base of [cwd, root]) {
    const wanted = relative(root, resolve(base, path)).replaceAll(sep, '/')
    const found = [...views.values()].filter((view) => isWithin(view, wanted))
    if (found.length > 0) return found.map(({ name }) => name)
  }
  return []
}

/** One of a view's files, or a folder around them. */
function isWithin(view: View, path: string): boolean {
  const { file, feed, tests } = view
  if (isSettingsOf(view, path)) return true
  const own = [
    ...statementsOf(view),
    ...(feed === null ? [] : filesOf(feed)),
    ...(tests === null ? [] : [tests]),
  ]
  return path === '' || own.some((each) => each.path === path) || file.path.startsWith(`${path}/`)
}

/** By its name: whoever lets the shell write `views/first/*` out names the settings too. */
function isSettingsOf({ schema, relation, file }: View, path: string): boolean {
  const stem = /^(.*)\.(?:conf|ya?ml)$/s.exec(path.normalize('NFC'))?.[1]
  if (stem === undefined) return false
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1).normalize('NFC')
  return stem === `${folder}${relation}` || stem === `${folder}${schema}.${relation}`
}

function hintFor(term: string, views: ReadonlyMap<ViewName, View>): string {
  if ([...views.values()].some(({ schema }) => schema === term)) {
    return `${term} is a schema. Write '${term}.*' for all its views.`
  }
  const words = term.split(/\s+/)
  if (words.length > 1 && words.every((word) => views.has(word))) {
    return `Write each as an argument of its own: ${words.join(' ')}`
  }
  const paths = term.includes('/') ? [...views.values()].map(({ file }) => file.path) : []
  return (
    didYouMean(term, [...views.keys(), ...paths]) ??
    'Views are chosen by name (first.cities), by first.*, by path, by tag:… or by state:…'
  )
}

function listed(start: string, words: Iterable<string>): string {
  return `${start} ${[...words].toSorted().slice(0, 10).join(', ')}.`
}
