import { setTimeout as sleep } from 'node:timers/promises'

import { query } from '../../support/client.ts'
import { createDatabase } from '../../support/database.ts'
import { writeProject } from '../../support/project.ts'
import { duroOn } from '../duro.ts'
import { readerKinds } from './kinds.ts'
import { refreshNaively } from './naive.ts'
import { type Experience, readOn } from './reader.ts'
import { createDependents, nextGeneration, readersProject, type Size, sources } from './scene.ts'

export interface Measured {
  swaps: number
  tries: number
  /** Refreshes that did not publish, and why. */
  failures: string[]
  readers: Experience[]
}

export interface ReadersOptions {
  size: Size
  /** How long readers read, in milliseconds; or until so many refreshes were made. */
  until: { milliseconds: number } | { refreshes: number }
  refresh: 'duro' | 'naive'
  /** Longest pause of a reader after each read, in milliseconds. */
  pause: number
}

/** Readers of all kinds beside refreshes without a pause, each of a new generation of the sources. */
export async function measureReaders({ size, until, refresh, pause }: ReadersOptions): Promise<Measured> {
  const database = await createDatabase()
  const project = await writeProject(readersProject(size))
  const { url } = database
  const duro = duroOn(project.root, url)
  const stop = new AbortController()
  try {
    await query(url, sources(size))
    await duro.refresh()
    await query(url, createDependents(size))
    const readers = Object.entries(readerKinds(size)).map(([name, kind]) =>
      readOn(url, { name, kind, pause }, stop.signal),
    )
    const measured: Measured = { swaps: 0, tries: 0, failures: [], readers: [] }
    const deadline = 'milliseconds' in until ? Date.now() + until.milliseconds : null
    try {
      for (
        let run = 0;
        deadline === null ? 'refreshes' in until && run < until.refreshes : Date.now() < deadline;
        run++
      ) {
        await nextGeneration(url)
        try {
          if (refresh === 'naive') {
            measured.tries += 1
            await refreshNaively(url, size)
          } else {
            await duro.refresh((event) => {
              if (event.type === 'swap-attempt') measured.tries += 1
            })
          }
          measured.swaps += 1
        } catch (error) {
          measured.failures.push(error instanceof Error ? error.message : String(error))
          await sleep(20)
        }
      }
    } finally {
      stop.abort()
      measured.readers = await Promise.all(readers)
    }
    return measured
  } finally {
    stop.abort()
    await project.cleanup()
    await database.drop()
  }
}

export interface Sum {
  statements: number
  errors: string[]
  empties: number
  mixes: number
  p50: number
  p99: number
  max: number
}

export function sumOf(readers: readonly Experience[]): Sum {
  const waits = readers.flatMap((reader) => reader.waits).toSorted((one, other) => one - other)
  const at = (share: number): number =>
    waits[Math.min(Math.floor(waits.length * share), waits.length - 1)] ?? 0
  const total = (of: (reader: Experience) => number): number =>
    readers.reduce((sum, reader) => sum + of(reader), 0)
  return {
    statements: total((reader) => reader.statements),
    errors: readers.flatMap((reader) => reader.errors),
    empties: total((reader) => reader.empties),
    mixes: total((reader) => reader.mixes),
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  }
}
