import type { Client } from 'pg'
import type { Row } from './engine.ts'

/** Rows of one round trip. */
const batch = 200

/** Calls back with each row of an open cursor, until it says stop. */
export async function fetchRows(
  client: Client,
  cursor: string,
  onRow: (row: Row) => 'go on' | 'stop',
): Promise<void> {
  for (;;) {
    const { fields, rows } = await client.query<unknown[]>({
      text: `fetch ${batch} from ${cursor}`,
      rowMode: 'array',
    })
    const names = distinctNames(fields.map((field) => field.name))
    for (const values of rows) if (onRow(toRow(names, values)) === 'stop') return
    if (rows.length < batch) return
  }
}

/** The server allows columns of the same name, as in `select 1 = 1, 2 = 1`; none of them may hide another. */
function distinctNames(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length
    return before === 0 ? name : `${name} (${before + 1})`
  })
}

const toRow = (names: readonly string[], values: readonly unknown[]): Row =>
  Object.fromEntries(names.map((name, index) => [name, values[index]]))
