import {
  type EmbeddedServer,
  type EmbeddedServerOptions,
  startEmbeddedServer,
} from './start-embedded-server.ts'

/** Runs a callback with the embedded server of a data directory, which is started and stopped as needed. */
export async function usingEmbeddedServer<T>(
  options: EmbeddedServerOptions,
  callback: (server: Pick<EmbeddedServer, 'url' | 'port'>) => Promise<T>,
): Promise<T> {
  const server = await startEmbeddedServer(options)
  let result: T
  try {
    result = await callback(server)
  } catch (error) {
    // What the callback says matters more than a server that does not stop.
    await server.stop().catch((stopError: unknown) => options.onNotice?.(String(stopError)))
    throw error
  }
  await server.stop()
  return result
}
