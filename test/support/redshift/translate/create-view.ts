import { syntaxError } from '../rejection.ts'
import { closing, findOutside, indexOf, matches, render, type Token } from '../sql/token.ts'
import { settleLateViews } from './alter-table.ts'
import { readRelationName, regclassLiteral } from './names.ts'
import { callStep, doBlock, hiddenStep, literal, visibleStep, type Step } from './step.ts'
import type { Context } from './context.ts'
import { shorten } from './lexis.ts'

/** `create [or replace] view n [(columns)] as query [with no schema binding]` */
export function createView(tokens: readonly Token[], context: Context): Step[] | null {
  const replaces = matches(tokens, 0, 'create', 'or', 'replace', 'view')
  if (!replaces && !matches(tokens, 0, 'create', 'view')) return null
  const named = readRelationName(tokens, replaces ? 4 : 2)
  const as = findOutside(tokens, ['as'], named.end)
  if (as >= tokens.length) throw syntaxError(undefined)
  const late = indexOf(tokens, ['with', 'no', 'schema', 'binding'])
  if (late >= 0) {
    if (late + 4 < tokens.length) throw syntaxError(tokens[late + 4])
    return [
      callStep(
        `redshift_stand_in.create_late_view(${[
          literal(shorten(named.schema ?? '')),
          literal(shorten(named.name)),
          literal(
            matches(tokens, named.end, '(')
              ? render(tokens.slice(named.end, closing(tokens, named.end) + 1))
              : '',
          ),
          literal(render(tokens.slice(as + 1, late))),
          literal(`${context.text};`),
          String(replaces),
        ].join(', ')})`,
        'CREATE VIEW',
      ),
    ]
  }
  const view = regclassLiteral(named)
  if (!replaces) return [visibleStep(tokens), settleLateViews()]
  // PostgreSQL lets columns be added, Redshift does not.
  return [
    hiddenStep(doBlock(`perform redshift_stand_in.before_replace(${view});`)),
    visibleStep(tokens),
    hiddenStep(doBlock(`perform redshift_stand_in.after_replace(${view});`)),
    settleLateViews(),
  ]
}

/** `create materialized view n [attributes] [auto refresh yes|no] as query`: Redshift's own kind. */
export function materializedView(tokens: readonly Token[]): Step[] | null {
  if (matches(tokens, 0, 'alter', 'materialized', 'view')) {
    const named = readRelationName(tokens, 3)
    // Neither its name nor its columns can be changed.
    if (!matches(tokens, named.end, 'auto', 'refresh')) throw syntaxError(tokens[named.end])
    return [
      callStep(
        `redshift_stand_in.check_owner(${regclassLiteral(named)}::regclass)`,
        'ALTER MATERIALIZED VIEW',
      ),
    ]
  }
  if (matches(tokens, 0, 'refresh', 'materialized', 'view')) {
    const named = readRelationName(tokens, 3)
    return [
      hiddenStep(
        doBlock(`perform redshift_stand_in.check_refreshable(${regclassLiteral(named)}::regclass);`),
      ),
      visibleStep(tokens),
    ]
  }
  if (!matches(tokens, 0, 'create', 'materialized', 'view')) return null
  const named = readRelationName(tokens, 3)
  const as = findOutside(tokens, ['as'], named.end)
  if (as >= tokens.length) throw syntaxError(undefined)
  return [
    visibleStep([...tokens.slice(0, named.end), ...tokens.slice(as)], {
      tag: () => 'CREATE MATERIALIZED VIEW',
    }),
    hiddenStep(
      doBlock(`perform redshift_stand_in.settle_materialized_view(${regclassLiteral(named)}::regclass);`),
    ),
  ]
}
