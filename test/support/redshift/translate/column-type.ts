import { Rejection } from '../rejection.ts'
import { made, matches, type Token } from '../sql/token.ts'

const LONGEST_TEXT = 65535

/** What `text`, and `varchar` without a length, stand for in the columns of a table. */
const DEFAULT_LENGTH = 256

const TYPES = new Set(
  `smallint int2 integer int int4 bigint int8 decimal numeric real float4 float8 float double boolean bool char
   character nchar bpchar varchar nvarchar text date timestamp timestamptz time timetz interval super varbyte varbinary
   geometry geography hllsketch`.split(/\s+/),
)

/**
 * The type of a column as PostgreSQL writes it.
 * @param column as the error names it
 */
export function columnType(tokens: readonly Token[], column: string): Token[] {
  const [first] = tokens
  const written = tokens
    .map((token) => token.before + token.text)
    .join('')
    .trim()
  const isArray = tokens.some((token) => token.kind === 'symbol' && token.value === '[')
  if (first === undefined || !TYPES.has(first.value) || isArray) {
    throw new Rejection('0A000', `Column "${column}" has unsupported type "${written}".`, {
      start: first?.start,
    })
  }
  const text = textLength(tokens)
  if (text === null) return otherType(tokens, first)
  if (text > LONGEST_TEXT) {
    throw new Rejection('22023', `length for type varchar cannot exceed ${LONGEST_TEXT}`, {
      start: first.start,
    })
  }
  return [made(`varchar(${text})`, first, first.before)]
}

/** @returns null where the type is no text of varying length */
function textLength(tokens: readonly Token[]): number | null {
  const isVarying = matches(tokens, 0, 'character', 'varying') || matches(tokens, 0, 'char', 'varying')
  if (!isVarying && !/^(text|varchar|nvarchar)$/.test(tokens[0]?.value ?? '')) return null
  const open = isVarying ? 2 : 1
  if (!matches(tokens, open, '(') || matches(tokens, 0, 'text')) return DEFAULT_LENGTH
  if (matches(tokens, open + 1, 'max')) return LONGEST_TEXT
  return Number(tokens[open + 1]?.value)
}

function otherType(tokens: readonly Token[], first: Token): Token[] {
  if (matches(tokens, 0, 'super')) return [made('redshift_stand_in.super', first, first.before)]
  if (/^(varbyte|varbinary)$/.test(first.value)) return [made('bytea', first, first.before)]
  // Without a scale, Redshift keeps whole numbers.
  if (/^(numeric|decimal)$/.test(first.value) && tokens.length === 1) {
    return [made('numeric(18, 0)', first, first.before)]
  }
  if (matches(tokens, 0, 'nchar')) return [{ ...first, text: 'char' }, ...tokens.slice(1)]
  return [...tokens]
}
