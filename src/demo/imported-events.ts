import { createHash } from 'node:crypto'
import type { StandInQuery } from './dune-stand-in.ts'

/** `query_id` in the settings of `leaderboard.imported_events`. */
export const eventsQuery = 4_100_200

/**
 * Events of platforms that report to Dune; a line may come twice. They are the same every time, and their addresses are
 * those of the donors that `fixtures/grants/setup` makes at this scale.
 */
export function importedEvents(scale: number): StandInQuery {
  const donors = Math.max(25, Math.floor(scale / 8))
  const donations = Math.max(60, Math.floor(scale / 10))
  const lines = Array.from({ length: Math.floor(donations / 4) }, (_, line) => line)
  return {
    columns: ['batch', 'line', 'platform', 'wallet', 'project', 'amount_usd', 'block_time'],
    rows: [0, 1].flatMap((copy) =>
      lines.filter((line) => copy === 0 || line % 20 === 0).map((line) => event(copy, line, donors)),
    ),
  }
}

/** The same, and a batch that has lost its addresses on its way. */
export function brokenEvents(scale: number): StandInQuery {
  const { columns, rows } = importedEvents(scale)
  const broken = Array.from({ length: 20 }, (_, line) => ({
    batch: 'broken batch',
    line: 1_000_001 + line,
    platform: 'Giveth',
    wallet: null,
    project: `Partner ${line + 1}`,
    amount_usd: 12.5,
    block_time: '2024-12-01 00:00:00.000 UTC',
  }))
  return { columns, rows: [...rows, ...broken] }
}

const platforms = ['Giveth', 'Octant', 'Kırmızı', 'clr.fund']
const began = Date.UTC(2022, 2, 1)
const second = 1000
const hour = 3600 * second

function event(copy: number, line: number, donors: number): Record<string, unknown> {
  const donor = createHash('sha256')
    .update(`donor:${(line * 7) % donors}`)
    .digest('hex')
  const at = new Date(began + (line % 20_000) * hour + (line % 3600) * second)
  return {
    batch: `batch ${1 + copy}`,
    line: 1 + line,
    platform: platforms[line % platforms.length],
    wallet: `0x${donor.slice(0, 40)}`,
    project: line % 11 === 10 ? null : `Partner ${line % 101}`,
    amount_usd: line % 43 === 42 ? null : (1 + (line % 500)) * 2.5,
    block_time: `${at.toISOString().replace('T', ' ').replace('Z', '')} UTC`,
  }
}
