import { Rejection, syntaxError } from '../rejection.ts'
import { matches, type Token } from '../sql/token.ts'
import type { RecordFormat } from './records.ts'

export interface CopyOptions extends RecordFormat {
  gzip: boolean
  header: boolean
  ignoreHeader: number
  manifest: boolean
  region: string | null
  emptyAsNull: boolean
  nullAs: string
  allowOverwrite: boolean
  parallel: boolean
}

/** Options whose value says how the load is allowed. */
const AUTHORIZATIONS = new Set([
  'iam_role',
  'credentials',
  'access_key_id',
  'secret_access_key',
  'session_token',
])

/** Options without an effect on what the tests load. */
const PASSED_OVER = new Set([
  'acceptanydate',
  'compupdate',
  'statupdate',
  'ignoreblanklines',
  'cleanpath',
  'roundec',
])

/** Options with a value that has none. */
const PASSED_OVER_WITH_VALUE = new Set([
  'timeformat',
  'dateformat',
  'encoding',
  'maxfilesize',
  'comprows',
  'rowgroupsize',
  'maxerror',
])

/** The options of `copy` and `unload`, in any order. */
export function readCopyOptions(tokens: readonly Token[], from: number): CopyOptions {
  const options: CopyOptions = {
    csv: false,
    quote: '"',
    delimiter: '',
    gzip: false,
    header: false,
    ignoreHeader: 0,
    manifest: false,
    region: null,
    emptyAsNull: false,
    nullAs: '\\N',
    allowOverwrite: false,
    parallel: true,
  }
  let at = from
  let isAuthorized = false
  const value = (): string => {
    at += matches(tokens, at + 1, 'as') ? 2 : 1
    const token = tokens[at]
    if (token === undefined || token.kind === 'symbol') throw syntaxError(token)
    return token.value
  }
  for (; at < tokens.length; at++) {
    const token = tokens[at]
    const name = token?.kind === 'word' ? token.value : ''
    if (AUTHORIZATIONS.has(name)) {
      value()
      isAuthorized = true
    } else if (name === 'with') continue
    else if (name === 'csv') options.csv = true
    else if (name === 'format') options.csv = readFormat(value(), token)
    else if (name === 'quote') options.quote = value()
    else if (name === 'delimiter') options.delimiter = value()
    else if (name === 'gzip') options.gzip = true
    else if (name === 'header') options.header = true
    else if (name === 'ignoreheader') options.ignoreHeader = Number(value())
    else if (name === 'manifest') options.manifest = true
    else if (name === 'region') options.region = value()
    else if (name === 'emptyasnull') options.emptyAsNull = true
    else if (name === 'null') options.nullAs = value()
    else if (name === 'allowoverwrite') options.allowOverwrite = true
    else if (name === 'parallel') options.parallel = !/^(off|false)$/.test(value())
    else if (PASSED_OVER_WITH_VALUE.has(name)) value()
    else if (PASSED_OVER.has(name)) {
      if (['on', 'off', 'preset'].some((word) => matches(tokens, at + 1, word))) at++
    } else throw syntaxError(token)
  }
  if (!isAuthorized) throw new Rejection('XX000', 'CREDENTIALS argument is required for loading from S3')
  return { ...options, delimiter: options.delimiter || (options.csv ? ',' : '|') }
}

function readFormat(format: string, token: Token | undefined): boolean {
  if (format.toLowerCase() === 'csv') return true
  throw new Rejection('0A000', `the stand-in for Redshift does not read the format ${format}`, {
    start: token?.start,
  })
}
