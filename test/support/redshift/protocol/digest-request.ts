import { randomBytes } from 'node:crypto'

import { frame } from './frames.ts'

/** Redshift's own way to ask for a password that it keeps as a SHA-256 digest; PostgreSQL's drivers do not know it. */
const AUTHENTICATION_DIGEST = 13
const SHA256 = 0
const ITERATIONS = 4096

export function digestRequest(): Buffer {
  const salt = randomBytes(16)
  const nonce = randomBytes(4)
  return frame(
    'R',
    Buffer.concat([
      int(AUTHENTICATION_DIGEST),
      int(SHA256),
      int(salt.length),
      salt,
      int(nonce.length),
      nonce,
      int(ITERATIONS),
    ]),
  )
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
