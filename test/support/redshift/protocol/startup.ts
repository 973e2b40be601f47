import { BodyReader } from './frames.ts'

export type Startup =
  | { kind: 'encryption'; how: 'tls' | 'gss' }
  | { kind: 'cancel' }
  | { kind: 'refused'; sqlstate: string; message: string }
  | { kind: 'session'; database: string; user: string }

const SSL_REQUEST = 80877103
const GSS_REQUEST = 80877104
const CANCEL_REQUEST = 80877102

/** What a client may set when it connects; anything else ends the connection. */
const SETTINGS = new Set([
  'user',
  'database',
  'client_encoding',
  'application_name',
  'datestyle',
  'extra_float_digits',
  'search_path',
  'statement_timeout',
  'timezone',
])

/** @param packet without its length */
export function readStartup(packet: Buffer): Startup {
  const code = packet.readInt32BE(0)
  if (code === SSL_REQUEST) return { kind: 'encryption', how: 'tls' }
  if (code === GSS_REQUEST) return { kind: 'encryption', how: 'gss' }
  if (code === CANCEL_REQUEST) return { kind: 'cancel' }
  const settings = new Map<string, string>()
  const reader = new BodyReader(packet.subarray(4))
  while (!reader.isAtEnd) {
    const name = reader.text()
    if (name === '') break
    settings.set(name.toLowerCase(), reader.text())
  }
  const unknown = [...settings.keys()].find((name) => !SETTINGS.has(name))
  if (unknown !== undefined) {
    return {
      kind: 'refused',
      sqlstate: '42704',
      message: `unrecognized configuration parameter "${unknown}"`,
    }
  }
  const user = settings.get('user') ?? ''
  return { kind: 'session', user, database: settings.get('database') ?? user }
}
