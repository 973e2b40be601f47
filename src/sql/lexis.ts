/** What the scanners of both engines have in common: Redshift's is that of an old PostgreSQL. */

/** Where the block comment that begins at the place ends; null when it does not. Comments nest. */
export function blockCommentEnd(text: string, start: number): number | null {
  const marks = /\/\*|\*\//g
  marks.lastIndex = start
  let depth = 0
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return null
}

/**
 * How much of a run of signs is one operator. A comment ends it; and one of several characters ends in `+` or `-` only
 * where it holds a character that no operator of standard SQL has, so that `a=-1` is a comparison.
 */
export function operatorLength(run: string): number {
  const comment = run.search(/\/\*|--/)
  let operator = comment < 0 ? run : run.slice(0, comment)
  while (operator.length > 1 && /[+-]$/.test(operator) && !/[~!@#^&|`?%]/.test(operator)) {
    operator = operator.slice(0, -1)
  }
  return operator.length
}
