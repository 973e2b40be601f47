import { notSupported, Rejection, syntaxError } from '../rejection.ts'
import { findOutside, indexOf, matches, splitAt, type Token } from '../sql/token.ts'

/** What Redshift's `create`, `alter table`, `truncate`, `lock` and `copy` lack. */
export function checkCreate(tokens: readonly Token[]): void {
  if (matches(tokens, 0, 'create')) checkCreated(tokens)
  if (matches(tokens, 0, 'alter', 'table')) checkAltered(tokens)
  if (matches(tokens, 0, 'truncate')) checkTruncated(tokens)
  if (matches(tokens, 0, 'lock')) checkLocked(tokens)
  if (matches(tokens, 0, 'copy')) checkCopied(tokens)
}

function checkCreated(tokens: readonly Token[]): void {
  const as = findOutside(tokens, ['as'])
  const ifNotExists = indexOf(tokens, ['if', 'not', 'exists'])
  const isTable = matches(tokens, 1, 'table') || matches(tokens, 2, 'table') || matches(tokens, 3, 'table')
  if (isTable && ifNotExists >= 0 && ifNotExists < as && as < tokens.length) throw syntaxError(tokens[as])
  const isView = matches(tokens, 1, 'view') || matches(tokens, 3, 'view') || matches(tokens, 2, 'view')
  if ((isView || isTable) && ifNotExists > 0 && ifNotExists < 5 && isView)
    throw syntaxError(tokens[ifNotExists])
  for (const words of [
    ['with', 'data'],
    ['with', 'no', 'data'],
    ['with', 'check', 'option'],
    ['with', 'local', 'check'],
    ['with', 'cascaded', 'check'],
    ['partition', 'of'],
  ]) {
    const at = isTable || isView ? indexOf(tokens, words) : -1
    if (at >= 0) throw syntaxError(tokens[at])
  }
  const options = findOutside(tokens, ['with ('])
  if ((isTable || isView) && options < as) throw syntaxError(tokens[options])
  const type = matches(tokens, 1, 'type') ? tokens[1] : undefined
  if (type !== undefined) throw syntaxError(type)
}

function checkAltered(tokens: readonly Token[]): void {
  const schema = findOutside(tokens, ['set schema'])
  if (schema < tokens.length) throw syntaxError(tokens[schema])
  // One action a statement: `add column a int, add column b int` is PostgreSQL's.
  const [first] = splitAt(tokens, ',')
  if (first !== undefined && first.length < tokens.length) throw syntaxError(tokens[first.length])
  const added = indexOf(tokens, ['add', 'column', 'if'])
  if (added >= 0) throw syntaxError(tokens[added + 2])
  for (const words of [
    ['set', 'logged'],
    ['set', 'unlogged'],
    ['set', 'tablespace'],
    ['cluster', 'on'],
    ['inherit'],
    ['attach', 'partition'],
    ['detach', 'partition'],
    ['enable', 'trigger'],
    ['disable', 'trigger'],
    ['set', '('],
    ['set', 'not', 'null'],
    ['drop', 'not', 'null'],
    ['set', 'default'],
    ['drop', 'default'],
    ['set', 'statistics'],
    ['add', 'check'],
  ]) {
    const at = findOutside(tokens, [words.join(' ')], 3)
    if (at < tokens.length) throw syntaxError(tokens[at])
  }
}

function checkTruncated(tokens: readonly Token[]): void {
  const extra = findOutside(tokens, [',', 'cascade', 'restrict', 'restart', 'continue'], 1)
  if (extra < tokens.length) throw syntaxError(tokens[extra])
}

function checkLocked(tokens: readonly Token[]): void {
  const extra = findOutside(tokens, ['in', 'nowait'], 1)
  if (extra < tokens.length) throw syntaxError(tokens[extra])
}

function checkCopied(tokens: readonly Token[]): void {
  const from = findOutside(tokens, ['from', 'to'], 1)
  if (!matches(tokens, from, 'from')) throw syntaxError(tokens[from])
  if (tokens[from + 1]?.kind !== 'string') {
    if (matches(tokens, from + 1, 'stdin')) throw notSupported('COPY FROM STDIN', tokens[from + 1])
    throw syntaxError(tokens[from + 1])
  }
  const source = tokens[from + 1]?.value ?? ''
  if (!source.startsWith('s3://')) {
    throw new Rejection('0A000', `COPY from "${source}" is not known to the stand-in`)
  }
}
