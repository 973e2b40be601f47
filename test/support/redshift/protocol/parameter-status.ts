import { BodyReader, frame, text } from './frames.ts'

/** What Redshift tells of itself when a session starts, and when it changes. */
const TOLD = new Set([
  'client_encoding',
  'DateStyle',
  'integer_datetimes',
  'is_superuser',
  'server_encoding',
  'session_authorization',
  'TimeZone',
  'application_name',
  'standard_conforming_strings',
])

/** @returns null for what Redshift does not tell */
export function parameterStatus(body: Buffer): Buffer | null {
  const reader = new BodyReader(body)
  const name = reader.text()
  if (name === 'server_version') return frame('S', Buffer.concat([text(name), text('8.0.2')]))
  return TOLD.has(name) ? frame('S', body) : null
}
