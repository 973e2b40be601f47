import { syntaxError } from '../rejection.ts'
import { findOutside, isName, matches, splitAt, type Token } from '../sql/token.ts'
import { readRelationName, regclassLiteral } from './names.ts'
import { doBlock, hiddenStep, visibleStep, type Step } from './step.ts'

const KINDS = [['full'], ['sort', 'only'], ['delete', 'only'], ['reindex'], ['recluster']]

/** `vacuum [kind] [table] [to n percent] [boost]` */
export function vacuum(tokens: readonly Token[]): Step[] | null {
  if (!matches(tokens, 0, 'vacuum')) return null
  const kind = KINDS.find((words) => matches(tokens, 1, ...words))
  const at = 1 + (kind?.length ?? 0)
  if (!isName(tokens[at]) || matches(tokens, at, 'boost')) return [visibleStep(tokens.slice(0, 1))]
  const named = readRelationName(tokens, at)
  const end = findOutside(tokens, ['to', 'boost'], named.end)
  if (end !== named.end) throw syntaxError(tokens[named.end])
  return [visibleStep([...tokens.slice(0, 1), ...named.tokens])]
}

/** `analyze [compression] [verbose] [table [(columns)]] [predicate columns | all columns]` */
export function analyze(tokens: readonly Token[]): Step[] | null {
  if (!matches(tokens, 0, 'analyze')) return null
  const end = findOutside(tokens, ['predicate columns', 'all columns'])
  if (end < tokens.length && end + 2 < tokens.length) throw syntaxError(tokens[end + 2])
  return [visibleStep(tokens.slice(0, end))]
}

/** `truncate [table] t`, which commits. */
export function truncate(tokens: readonly Token[]): Step[] | null {
  if (!matches(tokens, 0, 'truncate')) return null
  return [visibleStep(tokens), hiddenStep('commit')]
}

/** `lock [table] a, b`: access exclusive, and tables only. */
export function lock(tokens: readonly Token[]): Step[] | null {
  if (!matches(tokens, 0, 'lock')) return null
  const names = tokens.slice(matches(tokens, 1, 'table') ? 2 : 1)
  const checks = splitAt(names, ',').map((part) => {
    const named = readRelationName(part, 0)
    if (named.end < part.length) throw syntaxError(part[named.end])
    return `perform redshift_stand_in.check_table(${regclassLiteral(named)}::regclass);`
  })
  return [hiddenStep(doBlock(checks.join(' '))), visibleStep(tokens)]
}

/** `grant … to role r`, `create group g`: PostgreSQL has roles for both, and the stand-in writes down which is which. */
export function grant(tokens: readonly Token[]): Step[] | null {
  if (matches(tokens, 0, 'create', 'role') || matches(tokens, 0, 'create', 'group')) {
    const [, kind, name] = tokens
    if (!isName(name)) throw syntaxError(name)
    const identity = `${quoted(name.value)}, ${quoted(kind?.value ?? '')}`
    return [
      visibleStep(tokens),
      hiddenStep(doBlock(`perform redshift_stand_in.settle_identity(${identity});`)),
    ]
  }
  const isGrant = matches(tokens, 0, 'grant') || matches(tokens, 0, 'revoke')
  if (!isGrant && !matches(tokens, 0, 'alter', 'default', 'privileges')) return null
  const list = Math.min(findOutside(tokens, ['to']), findOutside(tokens, ['from']))
  const kept = tokens.filter((token, at) => !(at > list && token.kind === 'word' && token.value === 'role'))
  // `grant role r to u`
  const isRole = isGrant && matches(tokens, 1, 'role')
  return [visibleStep(isRole ? [...kept.slice(0, 1), ...kept.slice(2)] : kept)]
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
