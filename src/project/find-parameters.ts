export interface Parameter {
  parameter: string
  /** In UTF-16 code units. */
  offset: number
}

// What may hold a `$1` that is none: comments, strings, quoted names, dollar quotes, and names such as `a$1`. A doubled quote
// ends one string and begins the next, which is as good.
const TOKENS = [
  String.raw`--[^\n\r]*`,
  String.raw`(?<![\p{L}\p{N}_$])[eE]'(?:[^'\\]|\\[^]|'')*'`,
  String.raw`'[^']*'`,
  String.raw`"[^"]*"`,
  String.raw`\$(?<tag>(?:[\p{L}_][\p{L}\p{N}_]*)?)\$[^]*?\$\k<tag>\$`,
  String.raw`[\p{L}_][\p{L}\p{N}_$]*`,
  String.raw`(?<parameter>\$\d+)`,
  String.raw`(?<comment>/\*)`,
]

/** The parameters in SQL. The grammar takes them, the server would not, as nothing gives them a value. */
export function findParameters(sql: string): Parameter[] {
  const found: Parameter[] = []
  if (!/\$\d/.test(sql)) return found
  const tokens = new RegExp(TOKENS.join('|'), 'gu')
  for (let match = tokens.exec(sql); match !== null; match = tokens.exec(sql)) {
    const parameter = match.groups?.['parameter']
    if (parameter !== undefined) found.push({ parameter, offset: match.index })
    if (match.groups?.['comment'] !== undefined) tokens.lastIndex = endOfComment(sql, match.index)
  }
  return found
}

/** Comments nest, which no regular expression can follow. */
function endOfComment(sql: string, start: number): number {
  const marks = /\/\*|\*\//g
  marks.lastIndex = start
  let depth = 0
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return sql.length
}
