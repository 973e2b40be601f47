import { syntaxError } from '../rejection.ts'
import { closing, findOutside, made, matches, type Token } from '../sql/token.ts'
import { call, list, translateCalls, type CallTranslation } from './calls.ts'
import { literal } from './step.ts'

/** Redshift's functions that the stand-in brings along under the same name. */
const OWN = `add_months can_json_parse charindex convert_timezone getdate is_valid_json json_parse
  json_serialize last_day len months_between pg_get_late_binding_view_cols pg_get_viewdef pg_last_copy_id pg_last_query_id sha2 strtol trunc
  version`.split(/\s+/)

const own = (name: string): CallTranslation => {
  return (args, token) => ({ tokens: call(`redshift_stand_in.${name}`, token, args) })
}

/** The last argument may say that what is no JSON is null: `json_array_length(s, true)`. */
const ofJson = (name: string): CallTranslation => {
  return (args, token) => {
    const [last] = args.length > 1 ? (args.at(-1) ?? []) : []
    const isFlag = last?.kind === 'word' && /^(true|false)$/.test(last.value)
    const [json = [], ...rest] = isFlag ? args.slice(0, -1) : args
    const lenient =
      isFlag && last.value === 'true' ? call('redshift_stand_in.json_or_null', token, [json]) : json
    return { tokens: call(`redshift_stand_in.${name}`, token, [lenient, ...rest]) }
  }
}

const renamed = (name: string): CallTranslation => {
  return (args, token) => ({ tokens: call(name, token, args) })
}

/** The first argument is a part of a date: a word, or a string. */
const withDatePart = (name: string): CallTranslation => {
  return (args, token) => {
    const [part, ...rest] = args
    const [word] = part ?? []
    if (part?.length !== 1 || word === undefined) throw syntaxError(part?.[1] ?? token)
    return {
      tokens: call(`redshift_stand_in.${name}`, token, [[made(literal(word.value), word, '')], ...rest]),
    }
  }
}

function nvl2(args: Token[][], name: Token): ReturnType<CallTranslation> {
  const [tested, present, absent] = args
  if (tested === undefined || present === undefined || absent === undefined) throw syntaxError(name)
  const write = (sql: string): Token => made(sql, name)
  return {
    tokens: [
      made('case when (', name, name.before),
      ...tested,
      write(') is not null then'),
      ...spaced(present),
      write('else'),
      ...spaced(absent),
      write('end'),
    ],
  }
}

/** `decode(x, a, b, …[, z])`: null equals null here. */
function decode(args: Token[][], name: Token): ReturnType<CallTranslation> {
  const [tested, ...rest] = args
  if (tested === undefined || rest.length < 2) throw syntaxError(name)
  const tokens = [made('case', name, name.before)]
  while (rest.length >= 2) {
    const [value = [], result = []] = rest.splice(0, 2)
    tokens.push(made('when (', name), ...tested, made(') is not distinct from (', name), ...value)
    tokens.push(made(') then', name), ...spaced(result))
  }
  const [otherwise] = rest
  if (otherwise !== undefined) tokens.push(made('else', name), ...spaced(otherwise))
  return { tokens: [...tokens, made('end', name)] }
}

/** `convert(type, x)` */
function convert(args: Token[][], name: Token): ReturnType<CallTranslation> {
  const [type, value] = args
  if (type === undefined || value === undefined || args.length > 2) throw syntaxError(name)
  return {
    tokens: [
      made('cast(', name, name.before),
      ...value,
      made('as', name),
      ...spaced(type),
      made(')', name, ''),
    ],
  }
}

function median(args: Token[][], name: Token): ReturnType<CallTranslation> {
  return {
    tokens: [
      made('percentile_cont(0.5) within group (order by', name, name.before),
      ...spaced(list(args)),
      made(')', name, ''),
    ],
  }
}

/** `listagg([distinct] x [, separator]) [within group (order by …)]` */
const listagg: CallTranslation = (args, name, behind, translate) => {
  const [first = [], separator = [made("''", name, '')]] = args
  const isDistinct = matches(first, 0, 'distinct')
  const value = isDistinct ? first.slice(1) : first
  const isOrdered = matches(behind, 0, 'within', 'group', '(')
  const close = isOrdered ? closing(behind, 2) : -1
  const order = translate(behind.slice(3, Math.max(close, 3)))
  // PostgreSQL sorts by what it gathers, and by that only, where only distinct values are gathered.
  const isSortedByValue = isDistinct && order.length > 0
  const direction = isSortedByValue && findOutside(order, ['desc']) < order.length ? ' desc' : ''
  const gathered = [made('cast(', name), ...value, made('as varchar)', name)]
  const sorting = isSortedByValue
    ? [made('order by', name), ...gathered, made(direction, name, '')]
    : spaced(order)
  return {
    tokens: [
      made(isDistinct ? 'string_agg(distinct' : 'string_agg(', name, name.before),
      ...gathered,
      made(',', name, ''),
      ...spaced(separator),
      ...sorting,
      made(')', name, ''),
    ],
    used: close + 1,
  }
}

/** `ratio_to_report(x) over (…)` */
const ratioToReport: CallTranslation = (args, name, behind, translate) => {
  if (!matches(behind, 0, 'over', '(')) throw syntaxError(behind[0])
  const window = behind.slice(0, closing(behind, 1) + 1)
  const value = list(args)
  return {
    tokens: [
      made('((', name, name.before),
      ...value,
      made(')::double precision / nullif(sum(', name, ''),
      ...value,
      made(')', name, ''),
      ...translate(window),
      made(', 0))', name, ''),
    ],
    used: window.length,
  }
}

function spaced(tokens: readonly Token[]): Token[] {
  return tokens.map((token, n) => (n === 0 && token.before === '' ? { ...token, before: ' ' } : token))
}

const TRANSLATIONS: ReadonlyMap<string, CallTranslation> = new Map<string, CallTranslation>([
  ...OWN.map((name) => [name, own(name)] as const),
  ...['json_extract_path_text', 'json_extract_array_element_text', 'json_array_length'].map(
    (name) => [name, ofJson(name)] as const,
  ),
  ['nvl', renamed('coalesce')],
  ['isnull', renamed('coalesce')],
  ['dateadd', withDatePart('dateadd')],
  ['date_add', withDatePart('dateadd')],
  ['datediff', withDatePart('datediff')],
  ['date_diff', withDatePart('datediff')],
  ['nvl2', nvl2],
  ['decode', decode],
  ['convert', convert],
  ['median', median],
  ['listagg', listagg],
  ['ratio_to_report', ratioToReport],
])

export function translateFunctions(tokens: readonly Token[]): Token[] {
  const sysdate = tokens.map((token, at) => {
    const isDate = token.kind === 'word' && token.value === 'sysdate' && !matches(tokens, at + 1, '(')
    if (!isDate || matches(tokens, at - 1, '.') || matches(tokens, at - 1, 'as')) return token
    return made('redshift_stand_in.sysdate()', token, token.before)
  })
  // `create function decode(…)` gives a name; there is nothing to call.
  if (matches(tokens, 0, 'create', 'function') || matches(tokens, 0, 'create', 'or', 'replace', 'function'))
    return sysdate
  return translateCalls(sysdate, TRANSLATIONS)
}
