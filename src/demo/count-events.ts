import { usingClient } from './using-client.ts'

/** How many rows the live leaderboard has. */
export async function countEvents(url: string): Promise<number> {
  return usingClient(url, async (client) => {
    const { rows } = await client.query<{ events: number }>(
      'select count(*)::integer as events from leaderboard.allo_gmv_leaderboard_events',
    )
    return rows[0]?.events ?? 0
  })
}
