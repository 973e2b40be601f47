import { gzipSync } from 'node:zlib'

import { Rejection, syntaxError } from '../rejection.ts'
import { made, matches, type Token } from '../sql/token.ts'
import type { Context } from '../translate/context.ts'
import { literal, type Step } from '../translate/step.ts'
import { readCopyOptions, type CopyOptions } from './copy-options.ts'
import { asking, parseAddress, reach } from './load-files.ts'

/** `unload ('query') to 's3://…' options`: what PostgreSQL would send to a client becomes an object. */
export async function unload(tokens: readonly Token[], context: Context): Promise<Step[] | null> {
  if (!matches(tokens, 0, 'unload')) return null
  const [, , query, , , target] = tokens
  if (!matches(tokens, 1, '(') || query?.kind !== 'string') throw syntaxError(query ?? tokens[1])
  if (!matches(tokens, 3, ')', 'to') || target?.kind !== 'string') throw syntaxError(target ?? tokens[3])
  const options = readCopyOptions(tokens, 6)
  const { bucket, key } = parseAddress(target.value)
  const store = reach(context.store, options)
  if (!options.allowOverwrite && (await asking(() => store.list(bucket, key))).length > 0) {
    throw new Rejection(
      'XX000',
      'Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option.',
    )
  }
  const object = `${key}${options.parallel ? '0000_part_00' : '000'}${options.gzip ? '.gz' : ''}`
  return [
    {
      tokens: [
        made('copy (', tokens[0], ''),
        ...context.translateQuery(query.value).map((token) => ({ ...token, start: query.start })),
        made(`) to stdout with (${upstreamOptions(options)})`, query),
      ],
      answer: 'tag',
      tag: () => 'UNLOAD',
      async copyOut(content) {
        await store.write(bucket, object, options.gzip ? gzipSync(content) : content)
        if (!options.manifest) return
        const manifest = { entries: [{ url: `s3://${bucket}/${object}`, mandatory: true }] }
        await store.write(bucket, `${key}manifest`, Buffer.from(JSON.stringify(manifest)))
      },
    },
  ]
}

function upstreamOptions(options: CopyOptions): string {
  const written = [
    `format ${options.csv ? 'csv' : 'text'}`,
    `delimiter ${literal(options.delimiter)}`,
    `header ${options.header}`,
  ]
  if (options.nullAs !== '\\N') written.push(`null ${literal(options.nullAs)}`)
  return written.join(', ')
}
