import type { Token } from '../token.ts'

/** Words that name anything in Redshift, and that the sdk does not take for an alias without `as`. */
const refusedAliases = new Set(
  `
  after always any asof before begin bernoulli block body cache cascade cluster comment commit current cycle
  database date datetime declare describe domain each escape exec execute filter final first following function
  glob groups identity if increment index input instead key kill last load local match match_recognize
  materialized maxvalue member merge minvalue next no of operator ordinality others over owned pragma preceding prepare
  preserve prewhere prior procedure range recursive refresh regexp replace restart restrict returns revoke rlike
  rollback row rows sample savepoint schema semi sequence set settings show sort start statement temp temporary
  ties time transaction trigger truncate type unbounded update use values view within
  `
    .trim()
    .split(/\s+/),
)

/** What can stand behind an alias in `from`. */
const behindAlias = new Set(
  `, ) from where join inner left right full cross natural on using group having order limit offset union except minus
  intersect qualify`.split(/\s+/),
)

/**
 * Names that the sdk could take for something else: those beside a dot, and aliases without `as`.
 * @param tokens of a statement, without comments
 */
export function plainNames(tokens: readonly Token[]): Token[] {
  return tokens.filter((token, index) => {
    if (token.kind !== 'name') return false
    const [previous, next] = [tokens[index - 1], tokens[index + 1]]
    if (previous?.text === '.' || next?.text === '.') return true
    if (!refusedAliases.has(token.text.toLowerCase())) return false
    // `rows between unbounded preceding and current row`
    if (/^(unbounded|current)$/i.test(previous?.text ?? '')) return false
    const behindItem = previous?.kind === 'name' || previous?.text === ')'
    return behindItem && (next === undefined || behindAlias.has(next.text.toLowerCase()))
  })
}
