import { formatAddress, quoteIdentifier, type Address } from '../../../sql/identifiers.ts'
import { quoteRedshiftLiteral } from '../../../sql/redshift/quote-literal.ts'
import type { CopyAccess, Upload } from '../upload.ts'

/**
 * Loads what was uploaded, so that the table holds what PostgreSQL would hold: nothing is trimmed, cut or skipped, and
 * numbers are rounded as an insert rounds them. Only a table that has its own encodings gets none from a sample. The
 * server needs no `as`; grammars that take options for pairs, a name and a value, do.
 * @param columns in the order of the files; none: their names are not known yet
 */
export function copyFromS3(
  table: Address,
  columns: readonly string[],
  { manifestUrl, nullMarker, access, region }: Omit<Upload, 'files'>,
): string {
  const names = columns.map(quoteIdentifier).join(', ')
  return [
    `copy ${formatAddress(table)}${names === '' ? '' : ` (${names})`}`,
    `from ${quoteRedshiftLiteral(manifestUrl)}`,
    authorization(access),
    ...(region === null ? [] : [`region ${quoteRedshiftLiteral(region)}`]),
    'manifest gzip csv ignoreheader as 1 encoding as utf8',
    `null as ${quoteRedshiftLiteral(nullMarker)}`,
    `dateformat 'auto' timeformat 'auto' roundec`,
    'maxerror 0 compupdate off statupdate on',
  ].join('\n')
}

function authorization(access: CopyAccess): string {
  if (access.kind === 'role') {
    return access.role === 'default' ? 'iam_role default' : `iam_role ${quoteRedshiftLiteral(access.role)}`
  }
  const { accessKeyId, secretAccessKey, sessionToken } = access
  return [
    `access_key_id ${quoteRedshiftLiteral(accessKeyId)}`,
    `secret_access_key ${quoteRedshiftLiteral(secretAccessKey)}`,
    ...(sessionToken === null ? [] : [`session_token ${quoteRedshiftLiteral(sessionToken)}`]),
  ].join(' ')
}
