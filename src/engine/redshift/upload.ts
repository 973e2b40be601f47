import type { ViewName } from '../../project/view.ts'
import type { CsvRows } from '../builder.ts'
import type { AbandonedLoads } from '../engine.ts'

/** Whose rights Redshift reads a bucket with. */
export type CopyAccess =
  | { kind: 'role'; role: string } // an ARN, or `default`
  | { kind: 'keys'; accessKeyId: string; secretAccessKey: string; sessionToken: string | null }

/** Rows that wait in a bucket: gzipped CSV in UTF-8, each file with a line of names first. */
export interface Upload {
  /** Of the manifest, which names the files: `s3://…`. */
  manifestUrl: string
  files: number
  /** What stands for null, and for nothing else: empty fields are empty texts. */
  nullMarker: string
  access: CopyAccess
  /** Of the bucket; null: nobody said. */
  region: string | null
}

export interface UploadPlace {
  runId: string
  view: ViewName
}

/** Uploads rows, which are there while the callback runs. @throws DuroError */
export type UsingUpload = <T>(
  rows: CsvRows,
  where: UploadPlace,
  signal: AbortSignal,
  callback: (upload: Upload) => Promise<T>,
) => Promise<T>

/** How rows from outside come into a table, and what `plan --sql` shows of it. */
export interface Loads {
  using: UsingUpload
  describe: (view: ViewName, runId: string) => Omit<Upload, 'files'>
  /** @throws DuroError */
  removeAbandoned: (which: AbandonedLoads) => Promise<void>
}
