import { DuroError } from '../errors.ts'
import type { ViewName } from '../project/view.ts'
import { matchPath, matchTerm } from './match-term.ts'
import { indexPaths, type PathIndex } from './path-index.ts'
import type { IndexedContext, SelectionContext } from './selection-context.ts'
import { reach } from './reach.ts'

export interface Selection {
  selected: ReadonlySet<ViewName>
  /** Selected, and rebuilt even when they are fresh. */
  named: ReadonlySet<ViewName>
  /** By `--exclude`; none of them is selected. */
  excluded: ReadonlySet<ViewName>
}

/**
 * What the arguments of a command choose. Without selectors: every view, and none of them is named.
 *
 * Several arguments add up; within one, a comma leaves what its terms have in common. A term is a name, a name with
 * `*`, the path of a file or folder, `tag:…` or `state:…`; `+` in front adds everything upstream, `+` behind
 * everything downstream.
 *
 * Named, and hence always rebuilt, is what a person points at: by name, by `*`, by path, and by `state:failed`,
 * which asks for another try. What only comes along (`+`, `tag:`, the other states) is rebuilt when it is stale.
 *
 * @throws DuroError (usage) when an argument chooses nothing; `state:` may, since nothing to do is no mistake
 */
export function selectViews(
  selectors: readonly string[],
  exclude: readonly string[],
  context: SelectionContext,
): Selection {
  const indexed = withPaths(context)
  const chosen =
    selectors.length === 0
      ? { views: new Set(context.graph.order), named: new Set<ViewName>() }
      : unite(selectors.map((argument) => choose(argument, indexed)))
  const excluded = unite(exclude.map((argument) => choose(argument, indexed))).views
  return {
    selected: without(chosen.views, excluded),
    named: without(chosen.named, excluded),
    excluded,
  }
}

function withPaths(context: SelectionContext): IndexedContext {
  let index: PathIndex | null = null
  return { ...context, paths: () => (index ??= indexPaths(context.views.values())) }
}

interface Choice {
  views: ReadonlySet<ViewName>
  named: ReadonlySet<ViewName>
}

function choose(argument: string, context: IndexedContext): Choice {
  // Files may have commas and plus signs in their names: what is exactly a view, or one of its files, is that view.
  const exact = context.views.has(argument) ? [argument] : matchPath(argument, context)
  if (exact.length > 0) return { views: new Set(exact), named: new Set(exact) }

  const terms = argument.split(',').map((term) => term.trim())
  const choices = terms.map((term) => chooseByTerm(term, context))
  const views = choices.map((choice) => choice.views).reduce((common, each) => intersect(common, each))
  if (views.size === 0 && !terms.some((term) => term.includes('state:'))) {
    throw new DuroError('usage', `no view is in all of ${terms.join(' and ')}`, {
      hint: 'A comma leaves what its terms have in common. Write a space between terms to take both.',
    })
  }
  return { views, named: intersect(views, unite(choices).named) }
}

function chooseByTerm(term: string, context: IndexedContext): Choice {
  const [, before = '', inner = '', after = ''] = /^(\+?)(.*?)(\+?)$/s.exec(term) ?? []
  const { views: found, isNamed } = matchTerm(inner, context)
  const views = new Set(found)
  if (before !== '') for (const name of reach(context.graph.upstream, found)) views.add(name)
  if (after !== '') for (const name of reach(context.graph.downstream, found)) views.add(name)
  return { views, named: new Set(isNamed ? found : []) }
}

function unite(choices: readonly Choice[]): Choice {
  return {
    views: new Set(choices.flatMap((choice) => [...choice.views])),
    named: new Set(choices.flatMap((choice) => [...choice.named])),
  }
}

function intersect(a: ReadonlySet<ViewName>, b: ReadonlySet<ViewName>): Set<ViewName> {
  return new Set([...a].filter((name) => b.has(name)))
}

function without(a: ReadonlySet<ViewName>, b: ReadonlySet<ViewName>): Set<ViewName> {
  return new Set([...a].filter((name) => !b.has(name)))
}
