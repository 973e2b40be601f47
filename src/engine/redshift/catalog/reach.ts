import { appendTo } from '../../../append-to.ts'
import { formatAddress } from '../../../sql/identifiers.ts'
import type { ReachedSource, SourceName } from '../../sources.ts'
import type { Session } from '../connection/session.ts'
import { literals } from '../literals.ts'
import { rulesOn } from './dependents.ts'

interface Found {
  id: number
  schema: string
  name: string
}

/**
 * Everything that sources lead to through bound views, themselves included. Late-binding views and functions show
 * nothing of what they read.
 */
export async function readReachedSources(
  session: Session,
  sources: readonly SourceName[],
): Promise<ReachedSource[]> {
  if (sources.length === 0) return []
  const known = new Map<number, Found>()
  const reads = await readEdges(session, known)
  const starts = await readNamed(session, sources)
  return sources.flatMap((source) => {
    const start = starts.find((found) => isMeant(found, source))
    if (start === undefined) return []
    known.set(start.id, start)
    const name = source.schema === null ? source.name : `${source.schema}.${source.name}`
    const reached = new Set([start.id])
    // The set grows while it is read.
    for (const id of reached) for (const next of reads.get(id) ?? []) reached.add(next)
    return [...reached].flatMap((id) => {
      const found = known.get(id)
      return found === undefined
        ? []
        : [{ source: name, schema: found.schema, name: found.name, foreign: false }]
    })
  })
}

async function readEdges(session: Session, known: Map<number, Found>): Promise<Map<number, number[]>> {
  const rows = await session.query<Found & { reader: number }>(
    `select distinct reader.oid as reader, read.oid as id, n.nspname as schema, read.relname as name
     from pg_class read
     ${rulesOn('read', 'reader')}
     join pg_namespace n on n.oid = read.relnamespace
     where reader.oid <> read.oid and n.nspname not in ('pg_catalog', 'information_schema')`,
  )
  const reads = new Map<number, number[]>()
  for (const { reader, ...found } of rows) {
    known.set(found.id, found)
    appendTo(reads, reader, found.id)
  }
  return reads
}

/** Those on the search path come in its order. */
async function readNamed(session: Session, sources: readonly SourceName[]): Promise<Found[]> {
  const [path] = await session.query<{ search_path: string }>('show search_path')
  const schemas = (path?.search_path ?? '').split(',').map((part) => part.trim().replaceAll('"', ''))
  const rows = await session.query<Found>(
    `select c.oid as id, n.nspname as schema, c.relname as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relname in (${literals(sources.map(({ name }) => name))}) and c.relkind in ('r', 'v')`,
  )
  const rank = ({ schema }: Found): number =>
    schemas.includes(schema) ? schemas.indexOf(schema) : schemas.length
  const named = new Set(
    sources.flatMap(({ schema, name }) => (schema === null ? [] : [formatAddress({ schema, name })])),
  )
  return rows
    .filter((row) => schemas.includes(row.schema) || named.has(formatAddress(row)))
    .toSorted((one, other) => rank(one) - rank(other))
}

const isMeant = (found: Found, { schema, name }: SourceName): boolean =>
  found.name === name && (schema === null || found.schema === schema)
