import type { TestServer } from './start-server.ts'

export async function startContainer(image: string): Promise<TestServer> {
  // Large, and needed by few.
  const { GenericContainer, Wait } = await import('testcontainers')
  const container = await new GenericContainer(image)
    .withEnvironment({ POSTGRES_PASSWORD: 'duro' })
    .withExposedPorts(5432)
    .withTmpFs({ '/var/lib/postgresql': 'rw' })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=200'])
    // The image starts the server twice, first for its own initialisation.
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .start()
  return {
    url: `postgres://postgres:duro@${container.getHost()}:${container.getMappedPort(5432)}/postgres`,
    description: `image ${image}`,
    stop: async () => {
      await container.stop()
    },
  }
}
