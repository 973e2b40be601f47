import { execFile, execFileSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { makeTemporaryFolder } from '../temporary-folder.ts'
import type { Certificate } from './open-connection.ts'

/** With what it is made; not every machine has it. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A certificate that nobody but itself vouches for, of this machine or of another. */
export async function makeCertificate(names = 'DNS:localhost,IP:127.0.0.1'): Promise<Certificate> {
  const folder = await makeTemporaryFolder('certificate')
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  try {
    const subject = ['-subj', '/CN=duro test', '-addext', `subjectAltName=${names}`]
    const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
    await promisify(execFile)('openssl', ['req', '-x509', ...made, ...subject, '-keyout', key, '-out', cert])
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  } finally {
    await rm(folder, { recursive: true })
  }
}
