import type { Client, CustomTypesConfig, FieldDef } from 'pg'
import type { Row } from './engine.ts'

/** Rows of one round trip. */
const batchSize = 200

/** Reads an open cursor to its end, so many rows at a time. The first batch comes in any case. */
export async function* fetchBatches(
  client: Client,
  cursor: string,
  size: number,
  types?: CustomTypesConfig,
): AsyncGenerator<{ fields: readonly FieldDef[]; rows: readonly (readonly unknown[])[] }> {
  for (;;) {
    // Redshift wants the direction.
    const text = `fetch forward ${size} from ${cursor}`
    const { fields, rows } = await client.query<unknown[]>({
      text,
      rowMode: 'array',
      ...(types && { types }),
    })
    yield { fields, rows }
    if (rows.length < size) return
  }
}

/** Calls back with each row of an open cursor, until it says stop. */
export async function fetchRows(
  client: Client,
  cursor: string,
  onRow: (row: Row) => 'go on' | 'stop',
): Promise<void> {
  for await (const { fields, rows } of fetchBatches(client, cursor, batchSize)) {
    const toRow = rowsOf(fields)
    for (const values of rows) if (onRow(toRow(values)) === 'stop') return
  }
}

/** The server allows columns of the same name, as in `select 1 = 1, 2 = 1`; none of them may hide another. */
function distinctNames(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length
    return before === 0 ? name : `${name} (${before + 1})`
  })
}

/** Makes rows of the values that a result's fields have. */
export function rowsOf(fields: readonly FieldDef[]): (values: readonly unknown[]) => Row {
  const names = distinctNames(fields.map((field) => field.name))
  return (values) => Object.fromEntries(names.map((name, index) => [name, values[index]]))
}
