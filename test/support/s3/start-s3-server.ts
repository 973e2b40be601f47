import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface S3Server {
  /** `http://127.0.0.1:…` */
  endpoint: string
  stop(): Promise<void>
}

/** The server of moto that `.ci/run` installs, or null. */
export const motoServer = process.env['DURO_TEST_MOTO'] || null

/** For titles of tests that are skipped without it. */
export const whyNoS3 =
  'needs DURO_TEST_MOTO, the path of moto_server: pip install "moto[s3]" flask flask-cors'

/** Starts a server that answers as S3 does, on a free port of loopback. What it holds is gone with it. */
export async function startS3Server(): Promise<S3Server> {
  if (motoServer === null) throw new Error(whyNoS3)
  const child = spawn(motoServer, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'exit')
  let said = ''
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`moto_server ended: ${said}`)))
    child.stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-10_000)
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  return {
    endpoint,
    async stop() {
      process.off('exit', kill)
      kill()
      await ended
    },
  }
}
