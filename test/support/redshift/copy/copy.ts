import { gunzipSync } from 'node:zlib'

import { syntaxError } from '../rejection.ts'
import { closing, findOutside, made, matches, type Token } from '../sql/token.ts'
import type { Context } from '../translate/context.ts'
import { readRelationName, regclassLiteral, type Named } from '../translate/names.ts'
import { hiddenStep, literal, visibleStep, type Step } from '../translate/step.ts'
import { readCopyOptions, type CopyOptions } from './copy-options.ts'
import { explainLoadError } from './explain-load-error.ts'
import { findLoadFiles } from './load-files.ts'
import { readFields, splitRecords } from './records.ts'

/** An object that is loaded. */
export interface LoadedFile {
  /** `s3://bucket/key` */
  name: string
  records: readonly string[]
  /** How many records were left out at its beginning. */
  skipped: number
}

/** `copy t [(columns)] from 's3://…' options`: the objects are read first, and then sent like those of any client. */
export async function copy(tokens: readonly Token[], context: Context): Promise<Step[] | null> {
  if (!matches(tokens, 0, 'copy')) return null
  const named = readRelationName(tokens, 1)
  const columnsEnd = matches(tokens, named.end, '(') ? closing(tokens, named.end) + 1 : named.end
  const from = findOutside(tokens, ['from'], columnsEnd)
  if (from !== columnsEnd) throw syntaxError(tokens[columnsEnd])
  const source = tokens[from + 1]
  const options = readCopyOptions(tokens, from + 2)
  const found = await findLoadFiles(source?.value ?? '', options, context.store)
  const files = found.map(({ name, content }) => readFile(name, content, options))
  const isText: boolean[] = []
  return [
    typesStep(named, tokens.slice(named.end, columnsEnd), (type) =>
      isText.push(/^(character|text)/.test(type)),
    ),
    visibleStep(
      [
        ...tokens.slice(0, columnsEnd),
        made(`from stdin with (format csv, null '', encoding 'utf8')`, source),
      ],
      {
        tag: () => 'COPY',
        copyIn: () => Buffer.from(files.flatMap((file) => write(file, options, isText)).join('')),
        onError: (fields) => explainLoadError(fields, named, files, context),
      },
    ),
  ]
}

/** Asks for the types of the columns that are loaded, in their order. */
function typesStep(named: Named, columns: readonly Token[], onType: (type: string) => void): Step {
  const names = columns.filter((token) => token.kind !== 'symbol').map((token) => literal(token.value))
  const listed =
    names.length === 0
      ? ''
      : `join unnest(array[${names.join(', ')}]) with ordinality as l(name, n) on l.name = attname`
  const sql = `select format_type(atttypid, null) from pg_attribute ${listed}
    where attrelid = ${regclassLiteral(named)}::regclass and attnum > 0 and not attisdropped
    order by ${names.length === 0 ? 'attnum' : 'l.n'}`
  return { ...hiddenStep(sql), onRow: ([type]) => onType(type ?? '') }
}

function readFile(name: string, content: Buffer, options: CopyOptions): LoadedFile {
  const plain = options.gzip ? gunzipSync(content) : content
  const records = splitRecords(plain.toString('utf8'), options).slice(options.ignoreHeader)
  return { name, records, skipped: options.ignoreHeader }
}

/** Empty fields are null, but those of texts stay empty unless `emptyasnull` is given. */
function write(file: LoadedFile, options: CopyOptions, isText: readonly boolean[]): string[] {
  return file.records.map((record) => {
    const fields = readFields(record, options).map((value, n) => {
      if (value === options.nullAs) return ''
      if (value === '') return options.emptyAsNull || isText[n] !== true ? '' : '""'
      return `"${value.replaceAll('"', '""')}"`
    })
    return `${fields.join(',')}\n`
  })
}
