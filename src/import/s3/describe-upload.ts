import type { Upload, UploadPlace } from '../../engine/redshift/upload.ts'
import type { S3Settings } from '../../project/aws-settings.ts'
import { folderOf, manifestKey, urlOf } from './keys.ts'

const hidden = '***'

/** What `plan --sql` shows of an upload: no secrets, nor what is only known when there are rows. */
export function describeUpload(settings: S3Settings, where: UploadPlace): Omit<Upload, 'files'> {
  const { iamRole, keys, region } = settings
  return {
    manifestUrl: urlOf(settings, manifestKey(folderOf(settings, where))),
    nullMarker: 'duro-null-…',
    access:
      iamRole !== null
        ? { kind: 'role', role: iamRole }
        : {
            kind: 'keys',
            accessKeyId: hidden,
            secretAccessKey: hidden,
            sessionToken: keys?.sessionToken ? hidden : null,
          },
    region,
  }
}
