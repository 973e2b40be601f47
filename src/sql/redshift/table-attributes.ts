import type { Token } from '../token.ts'

/** What may stand after one of these words and belongs to it: a word, or something in parentheses. */
const columnAttributes: Record<string, 'nothing' | 'word' | 'parentheses'> = {
  distkey: 'nothing',
  sortkey: 'nothing',
  encode: 'word',
  collate: 'word',
  identity: 'parentheses',
}

const tableAttributes: Record<string, 'nothing' | 'word' | 'parentheses' | 'either'> = {
  backup: 'word',
  diststyle: 'word',
  distkey: 'parentheses',
  compound: 'nothing',
  interleaved: 'nothing',
  sortkey: 'either',
  encode: 'word',
}

/**
 * The tokens of a `create table` that say how Redshift is to keep it, most of which the sdk refuses somewhere. None of
 * them names a relation.
 * @param tokens of a statement, without comments
 */
export function tableAttributesOf(tokens: readonly Token[]): Token[] {
  if (!/^create$/i.test(tokens[0]?.text ?? '')) return []
  const words = tokens.map(({ text }) => text.toLowerCase())
  const table = words.indexOf('table')
  if (table < 1 || table > 3) return []
  const found: Token[] = tokens.filter((_, index) => index < table && words[index] === 'local')
  const open = words.indexOf('(')
  const query = queryOf(words)
  let depth = 0
  for (let index = table; index < query; index += 1) {
    if (words[index] === '(') depth += 1
    if (words[index] === ')') depth -= 1
    const begins = ['(', ',', '.'].includes(words[index - 1] ?? '')
    const attribute = attributeAt(words[index] ?? '', depth, index > open)
    if (attribute === undefined || begins) continue
    const end = endOf(attribute, words, index)
    found.push(...tokens.slice(index, end))
    index = end - 1
  }
  return found
}

/** Where the query of `create table … as` begins; the end when there is none. */
function queryOf(words: readonly string[]): number {
  let depth = 0
  for (const [index, word] of words.entries()) {
    if (word === '(') depth += 1
    if (word === ')') depth -= 1
    if (depth === 0 && word === 'as') return index
  }
  return words.length
}

function attributeAt(word: string, depth: number, behindName: boolean) {
  if (!behindName && depth === 0 && word !== 'backup' && word !== 'diststyle') return undefined
  const attributes = depth === 0 ? tableAttributes : depth === 1 ? columnAttributes : {}
  return Object.hasOwn(attributes, word) ? attributes[word] : undefined
}

/** The index after the attribute. */
function endOf(takes: string, words: readonly string[], index: number): number {
  const next = words[index + 1]
  if (next === '(' && (takes === 'parentheses' || takes === 'either')) {
    const close = words.indexOf(')', index)
    return close < 0 ? words.length : close + 1
  }
  return takes === 'word' || takes === 'either' ? index + 2 : index + 1
}
