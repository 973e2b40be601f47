import type { S3Settings } from '../../project/aws-settings.ts'
import type { UploadPlace } from '../../engine/redshift/upload.ts'

type Where = Pick<S3Settings, 'bucket' | 'prefix'>

/** What the keys of one view in one run begin with: `duro/20261120-100003-4f2a/first.cities/`. */
export function folderOf({ prefix }: Where, { runId, view }: UploadPlace): string {
  return `${prefix}${runId}/${plainText(view)}/`
}

export const fileKey = (folder: string, number: number): string => `${folder}${number}.csv.gz`

export const manifestKey = (folder: string): string => `${folder}manifest.json`

export const urlOf = ({ bucket }: Where, key: string): string => `s3://${bucket}/${key}`

/** The run that made a key; null: duro did not. */
export function runOf({ prefix }: Where, key: string): string | null {
  if (!key.startsWith(prefix)) return null
  const [, runId] =
    /^(\d{8}-\d{6}-[\da-f]{4})\/[\w.=-]+\/(?:\d+\.csv\.gz|manifest\.json)$/.exec(key.slice(prefix.length)) ??
    []
  return runId ?? null
}

/** Whatever a name holds, its key needs no escapes, in a manifest, an address or a statement. */
function plainText(name: string): string {
  return [...Buffer.from(name)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[\w.-]/.test(character) ? character : `=${byte.toString(16).padStart(2, '0')}`
    })
    .join('')
}
