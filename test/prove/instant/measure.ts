import { setTimeout as sleep } from 'node:timers/promises'

import { query, usingClient } from '../../support/client.ts'
import { createDatabase } from '../../support/database.ts'
import { writeProject } from '../../support/project.ts'
import { duroOn } from '../duro.ts'
import { instantProject, instantViews, seen, sources, type WriterName, writers } from './scene.ts'

export interface MeasuredInstant {
  runs: number
  /** Runs that published nothing, and said why. */
  refused: string[]
  /** Runs whose views do not agree, with the versions that were seen. */
  mixed: number[][]
  /** Runs after which views were empty. */
  empty: number
  writes: number
  writeErrors: string[]
  /** Longest transaction of the writer, in milliseconds: how long duro held it up. */
  longestWrite: number
  hung: boolean
}

export interface InstantOptions {
  materialized: 'view' | 'table'
  writer: WriterName
  oneInstant?: boolean
  runs: number
  /** Milliseconds between two transactions of the writer. */
  pause: number
}

/** How long a run may take before it counts as hanging, in milliseconds. */
const patience = 45_000

/** Refreshes beside a writer that changes all sources in one transaction, again and again. */
export async function measureInstant(options: InstantOptions): Promise<MeasuredInstant> {
  const database = await createDatabase()
  const { url } = database
  const project = await writeProject(instantProject(options.materialized, options.oneInstant))
  const duro = duroOn(project.root, url)
  const measured: MeasuredInstant = {
    runs: 0,
    refused: [],
    mixed: [],
    empty: 0,
    writes: 0,
    writeErrors: [],
    longestWrite: 0,
    hung: false,
  }
  const stop = new AbortController()
  try {
    await query(url, sources)
    const writing = write(url, options, measured, stop.signal)
    for (let run = 0; run < options.runs && !measured.hung; run++) {
      const refreshing = duro.refresh().then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
      const refused = await Promise.race([refreshing, sleep(patience, 'hung' as const, { ref: false })])
      if (refused === 'hung') {
        measured.hung = true
        await query(
          url,
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'duro %'",
        )
        await refreshing
        break
      }
      measured.runs += 1
      if (refused !== null) measured.refused.push(refused)
      else await look(url, measured)
    }
    stop.abort()
    await writing
    return measured
  } finally {
    stop.abort()
    await project.cleanup()
    await database.drop()
  }
}

async function look(url: string, measured: MeasuredInstant): Promise<void> {
  const [row] = await query<{ versions: number[] | null; views: number }>(url, seen)
  if (row?.views !== instantViews().length) measured.empty += 1
  if ((row?.versions?.length ?? 0) > 1) measured.mixed.push(row?.versions ?? [])
}

async function write(
  url: string,
  { writer, pause }: InstantOptions,
  measured: MeasuredInstant,
  signal: AbortSignal,
): Promise<void> {
  await usingClient(url, async (client) => {
    while (!signal.aborted) {
      const began = performance.now()
      try {
        await client.query('begin')
        for (const statement of writers[writer]) await client.query(statement)
        await client.query('commit')
        measured.writes += 1
      } catch (error) {
        measured.writeErrors.push(error instanceof Error ? error.message : String(error))
        await client.query('rollback')
      }
      measured.longestWrite = Math.max(measured.longestWrite, performance.now() - began)
      await sleep(pause)
    }
  })
}
