import { startContainer } from './start-container.ts'
import { startTemporaryServer } from './start-temporary-server.ts'

export interface TestServer {
  url: string
  /** Where it runs, in words. */
  description: string
  stop(): Promise<void>
}

/** The server to test against: the one of `DURO_TEST_URL`, the image of `DURO_TEST_IMAGE`, or an embedded one in a folder. */
export async function startServer(folder: string): Promise<TestServer> {
  const { DURO_TEST_URL: url, DURO_TEST_IMAGE: image } = process.env
  if (url) return { url, description: 'the server of DURO_TEST_URL', stop: async () => undefined }
  if (image) return startContainer(image)
  return startTemporaryServer(folder)
}
