import { setTimeout as sleep } from 'node:timers/promises'

import { Client, type QueryConfig } from 'pg'

/** What a reader has lived through. */
export interface Experience {
  kind: string
  statements: number
  /** Milliseconds per statement. */
  waits: number[]
  errors: string[]
  /** Answers without a row. */
  empties: number
  /** More than one version where there must be one. */
  mixes: number
}

/** Runs a statement whose rows carry versions, and remembers them for as long as they must agree. */
export interface Reading {
  ask: (statement: string | QueryConfig) => Promise<void>
  /** For statements that give no rows. */
  tell: (statement: string) => Promise<void>
  pick: <T>(from: readonly T[]) => T
}

/** A way to read: what is read within one call must be of one version. */
export type ReaderKind = (reading: Reading) => Promise<void>

export interface Reader {
  name: string
  kind: ReaderKind
  /** Longest pause after each read, in milliseconds. */
  pause: number
}

/** Reads until the signal fires, in one session; a session that is lost is an error, and replaced. */
export async function readOn(url: string, reader: Reader, signal: AbortSignal): Promise<Experience> {
  const { name, kind, pause } = reader
  const seen: Experience = { kind: name, statements: 0, waits: [], errors: [], empties: 0, mixes: 0 }
  let client = await open(url)
  while (!signal.aborted) {
    const versions = new Set<number>()
    try {
      await kind(readingOn(client, seen, versions))
    } catch (error) {
      seen.errors.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      await client.end().catch(() => undefined)
      client = await open(url)
    }
    if (versions.size > 1) seen.mixes += 1
    if (pause > 0) await sleep(Math.random() * pause)
  }
  await client.end()
  return seen
}

async function open(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'reader' })
  client.on('error', () => undefined) // its next statement says so
  await client.connect()
  return client
}

function readingOn(client: Client, seen: Experience, versions: Set<number>): Reading {
  const run = async (statement: string | QueryConfig) => {
    const began = performance.now()
    const { rows } = await client.query<Record<string, number>>(statement)
    seen.waits.push(performance.now() - began)
    seen.statements += 1
    return rows
  }
  return {
    async ask(statement) {
      const rows = await run(statement)
      if (rows.length === 0) seen.empties += 1
      for (const row of rows) {
        for (const [column, value] of Object.entries(row)) if (column.includes('version')) versions.add(value)
      }
    },
    tell: async (statement) => void (await run(statement)),
    pick(from) {
      const one = from[Math.floor(Math.random() * from.length)]
      if (one === undefined) throw new Error('there is nothing to pick from')
      return one
    },
  }
}
