import { Client, type QueryResult, type QueryResultRow } from 'pg'

/** Opens a session, hands it to the callback and closes it. */
export async function usingClient<T>(url: string, callback: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // a session that a test cut off; its next query says so
  await client.connect()
  try {
    return await callback(client)
  } finally {
    await client.end()
  }
}

/** Runs one statement in a session of its own and returns its rows; without parameters, several statements. */
export async function query<Row extends QueryResultRow = QueryResultRow>(
  url: string,
  sql: string,
  parameters?: readonly unknown[],
): Promise<Row[]> {
  return usingClient(url, async (client) => {
    const result = await client.query<Row>(sql, parameters === undefined ? undefined : [...parameters])
    return rowsOf(result)
  })
}

/** Of several statements, pg returns several results; the last one counts. */
function rowsOf<Row extends QueryResultRow>(result: QueryResult<Row> | QueryResult<Row>[]): Row[] {
  return (Array.isArray(result) ? result.at(-1)?.rows : result.rows) ?? []
}
