import { usingClient } from './client.ts'
import { catalogQueries } from './catalog-queries.ts'

/**
 * Everything that the catalog holds about the user's schemas, a line per fact, with names in place of object ids:
 * what was made anew exactly as it was gives the same lines. Schemas of duro itself are left out.
 */
export async function readCatalog(url: string, stateSchema = 'duro'): Promise<string[]> {
  return usingClient(url, async (client) => {
    await client.query("set search_path = ''")
    const lines: string[] = []
    for (const [kind, query] of Object.entries(catalogQueries)) {
      const { rows } = await client.query<{ fact: string }>(query, [stateSchema])
      lines.push(...rows.map(({ fact }) => `${kind}: ${fact}`))
    }
    return lines.toSorted()
  })
}

/** Facts that only one of two catalogs has: `- …` the first, `+ …` the second. */
export function compareCatalogs(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...without(before, after).map((fact) => `- ${fact}`),
    ...without(after, before).map((fact) => `+ ${fact}`),
  ]
}

/** Those of the lines that the others do not have, counting repetitions. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return lines.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}
