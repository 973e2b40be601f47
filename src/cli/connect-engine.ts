import type { Engine } from '../engine/engine.ts'
import { connectPostgres } from '../engine/postgres/connect-postgres.ts'
import type { RedshiftOptions } from '../engine/redshift/connect-redshift.ts'
import type { Loads } from '../engine/redshift/upload.ts'
import type { IamSettings, S3Settings } from '../project/aws-settings.ts'
import type { Project } from '../project/project.ts'
import type { EngineName } from '../sql/engine-name.ts'
import type { SqlParser } from '../sql/parser.ts'

export interface ConnectOptions {
  engine: EngineName
  url: string
  project: Project
  parser: SqlParser
  /** Told what must not be seen in any output. */
  conceal: (secret: string) => void
  warn: (message: string) => void
}

/** @throws DuroError with the code `connection`; OtherEngineError when the server is not what it is taken for */
export async function connectEngine(options: ConnectOptions): Promise<Engine> {
  const { url, parser, project } = options
  const { defaultSchema: searchPath, stateSchema, s3, iam } = project.settings
  if (options.engine === 'postgres') return connectPostgres({ url, searchPath, stateSchema, parser })
  const { connectRedshift } = await import('../engine/redshift/connect-redshift.ts')
  return connectRedshift({
    config: await configOf(url, iam, options),
    searchPath,
    stateSchema,
    parser,
    loads: s3 === null ? null : await loadsThrough(s3, options),
  })
}

async function configOf(
  url: string,
  iam: IamSettings | null,
  { conceal }: ConnectOptions,
): Promise<RedshiftOptions['config']> {
  const { parseConnection } = await import('../engine/redshift/connection/connection-settings.ts')
  const config = parseConnection(url)
  if (iam === null) return () => Promise.resolve(config)
  const { configFromIam } = await import('../engine/redshift/connection/iam-credentials.ts')
  return configFromIam(config, iam, { conceal })
}

/** In milliseconds. */
const day = 24 * 60 * 60 * 1000

async function loadsThrough(s3: S3Settings, { conceal, warn }: ConnectOptions): Promise<Loads> {
  const { usingUpload } = await import('../import/s3/using-upload.ts')
  const { removeLeftovers } = await import('../import/s3/remove-leftovers.ts')
  const { describeUpload } = await import('../import/s3/describe-upload.ts')
  return {
    using: (rows, where, signal, callback) =>
      usingUpload(s3, rows, { ...where, conceal, warn }, signal, callback),
    describe: (view, runId) => describeUpload(s3, { view, runId }),
    removeAbandoned: async (which) => {
      // Other projects may load through the same bucket.
      const old = { olderThan: new Date(Date.now() - day) }
      await removeLeftovers(s3, which === 'old' ? old : which, conceal)
    },
  }
}
