import { Client } from 'pg'

/** Connects, gives `work` the connection, and closes it whatever happens. */
export async function usingClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url)
  client.on('error', () => undefined) // the server was stopped; the query that notices says so
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
