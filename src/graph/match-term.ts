import { dirname, relative, resolve, sep } from 'node:path'
import { DuroError } from '../errors.ts'
import type { View, ViewName } from '../project/view.ts'
import { didYouMean } from './nearest.ts'
import { viewsAt } from './path-index.ts'
import type { IndexedContext, SelectionContext, StateSelectors } from './selection-context.ts'

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
export function matchTerm(term: string, context: IndexedContext): TermMatch {
  const { views } = context
  if (views.has(term)) return { views: [term], isNamed: true }
  if (term.startsWith('tag:')) return { views: matchTag(term.slice('tag:'.length), views), isNamed: false }
  if (term.startsWith('state:')) {
    const state = parseState(term.slice('state:'.length))
    return { views: [...context.states()[state]], isNamed: state === 'failed' }
  }
  const found = term.includes('*') ? matchGlob(term, context) : matchPath(term, context)
  if (found.length === 0) {
    const message = term === '' ? 'an empty argument chooses no view' : `no view matches ${term}`
    throw new DuroError('usage', message, { hint: hintFor(term, context) })
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

/** `*` stands for any characters, the dot too: `first.*`, `*.cities`, `*sales*`. With a slash in it, it is a path. */
function matchGlob(glob: string, context: SelectionContext): ViewName[] {
  const views = [...context.views.values()]
  const byName = patternOf(glob)
  const found = views.filter(({ name }) => byName.test(name))
  if (found.length > 0 || !glob.includes('/')) return found.map(({ name }) => name)
  const byPath = inProject(glob, context).map(patternOf)
  return views.filter(({ file }) => byPath.some((each) => each.test(file.path))).map(({ name }) => name)
}

function patternOf(glob: string): RegExp {
  const parts = glob.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}

/** The path from the root, as it counts from where the user is and from the root itself. */
const inProject = (path: string, { root, cwd }: SelectionContext): string[] =>
  [cwd, root].map((base) => relative(root, resolve(base, path)).replaceAll(sep, '/'))

/** The views that a file is about, or that lie in a folder. */
export function matchPath(path: string, context: IndexedContext): ViewName[] {
  if (path === '') return []
  for (const wanted of inProject(path, context)) {
    const found = viewsAt(context.paths(), wanted)
    if (found.length > 0) return found
  }
  return []
}

function hintFor(term: string, context: SelectionContext): string {
  const { views } = context
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
    hintAboutPath(term, context) ??
    'Views are chosen by name (first.cities), by first.*, by path, by tag:… or by state:…'
  )
}

/** `first/*` of somebody who is not in the folder of the views, or a file among them that the shell wrote out. */
function hintAboutPath(term: string, context: SelectionContext): string | undefined {
  const views = [...context.views.values()]
  if (!term.includes('/')) return undefined
  if (term.includes('*')) {
    const dotted = term.replace('/', '.')
    return views.some(({ name }) => patternOf(dotted).test(name)) ? `Write '${dotted}'` : undefined
  }
  const folders = new Set(views.map(({ file }) => dirname(file.path)))
  const folder = inProject(dirname(term), context).find((each) => folders.has(each))
  return folder === undefined
    ? undefined
    : `It belongs to no view. Write ${folder} for all views in that folder.`
}

function listed(start: string, words: Iterable<string>): string {
  return `${start} ${[...words].toSorted().slice(0, 10).join(', ')}.`
}
