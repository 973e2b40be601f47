import { syntaxError } from '../rejection.ts'
import { findOutside, isName, matches, type Token } from '../sql/token.ts'
import { columnType } from './column-type.ts'
import { readColumn } from './column.ts'
import { isConstraint } from './create-table.ts'
import { readRelationName, regclassLiteral, type Named } from './names.ts'
import { callStep, doBlock, hiddenStep, literal, visibleStep, type Step } from './step.ts'
import { readNames } from './table-attributes.ts'

const TAG = 'ALTER TABLE'

/** `alter table n` with one action. */
export function alterTable(tokens: readonly Token[]): Step[] | null {
  if (!matches(tokens, 0, 'alter', 'table')) return null
  const named = readRelationName(tokens, 2)
  const table = `${regclassLiteral(named)}::regclass`
  const action = tokens.slice(named.end)
  const head = tokens.slice(0, named.end)
  const limit = hiddenStep(doBlock(`perform redshift_stand_in.limit_texts(${table}, 256);`))

  if (matches(action, 0, 'add')) {
    const item = action.slice(matches(action, 1, 'column') ? 2 : 1)
    if (isConstraint(item)) return [callStep(`redshift_stand_in.check_owner(${table})`, TAG)]
    const column = readColumn(item, named.name)
    return [visibleStep([...head, ...action.slice(0, action.length - item.length), ...column.tokens]), limit]
  }
  if (matches(action, 0, 'drop', 'constraint'))
    return [callStep(`redshift_stand_in.check_owner(${table})`, TAG)]
  if (matches(action, 0, 'append', 'from')) return append(named, readRelationName(action, 2))
  if (matches(action, 0, 'alter')) return alter(tokens, named, action)
  if (matches(action, 0, 'rename') || matches(action, 0, 'owner') || matches(action, 0, 'drop')) {
    const check = hiddenStep(doBlock(`perform redshift_stand_in.check_alterable(${table});`))
    return [check, visibleStep(tokens), settleLateViews()]
  }
  throw syntaxError(action[0])
}

/** Late-binding views find their tables anew. */
export function settleLateViews(): Step {
  return hiddenStep(doBlock('perform redshift_stand_in.settle_late_views();'))
}

function alter(tokens: readonly Token[], named: Named, action: readonly Token[]): Step[] {
  const table = `${regclassLiteral(named)}::regclass`
  const attributes = (changed: object): Step[] => [
    callStep(`redshift_stand_in.alter_attributes(${table}, ${literal(JSON.stringify(changed))}::jsonb)`, TAG),
  ]
  if (matches(action, 1, 'encode', 'auto')) return [callStep(`redshift_stand_in.check_owner(${table})`, TAG)]
  if (matches(action, 1, 'distkey')) return attributes({ diststyle: 'key', distkey: nameAt(action, 2) })
  if (matches(action, 1, 'diststyle')) {
    const style = nameAt(action, 2)
    if (style !== 'key') return attributes({ diststyle: style, distkey: null })
    if (!matches(action, 3, 'distkey')) throw syntaxError(action[3])
    return attributes({ diststyle: style, distkey: nameAt(action, 4) })
  }
  const sortkey = matches(action, 1, 'compound', 'sortkey') ? 2 : 1
  if (matches(action, sortkey, 'sortkey')) {
    if (matches(action, sortkey + 1, 'none')) return attributes({ sortkey: [], sortStyle: null })
    if (matches(action, sortkey + 1, 'auto')) return attributes({ sortkey: [], sortStyle: 'auto' })
    if (!matches(action, sortkey + 1, '(')) throw syntaxError(action[sortkey + 1])
    return attributes({ sortkey: readNames(action, sortkey + 1), sortStyle: 'compound' })
  }
  return alterColumn(tokens, named, action)
}

/** `alter [column] c type varchar(n)`, `alter [column] c encode e` */
function alterColumn(tokens: readonly Token[], named: Named, action: readonly Token[]): Step[] {
  const table = `${regclassLiteral(named)}::regclass`
  const type = findOutside(action, ['type', 'encode'])
  if (matches(action, type, 'encode')) return [callStep(`redshift_stand_in.check_owner(${table})`, TAG)]
  if (type >= action.length) throw syntaxError(action.at(-1))
  const column = action[type - 1]
  const kept = columnType(action.slice(type + 1), `${named.name}.${column?.value ?? ''}`)
  if (kept[0]?.text.startsWith('varchar') !== true) throw syntaxError(action[type + 1])
  return [
    visibleStep([...tokens.slice(0, named.end), ...action.slice(0, type + 1), ...kept]),
    hiddenStep(doBlock(`perform redshift_stand_in.limit_texts(${table}, 256);`)),
  ]
}

/** Moves the rows: the source is empty afterwards. */
function append(target: Named, source: Named): Step[] {
  const [to, from] = [target, source].map((named) => named.tokens.map((token) => token.text).join(''))
  return [
    hiddenStep(`insert into ${to} select * from ${from}`),
    { ...hiddenStep(`delete from ${from}`), answer: 'tag', tag: () => TAG },
  ]
}

function nameAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at]
  if (!isName(token)) throw syntaxError(token)
  return token.value
}
