import type { EngineName } from '../sql/engine-name.ts'

const SCHEMES = ['postgres:', 'postgresql:', 'redshift:']
const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']
const MASK = '***'

/** What is wrong with a database's URL, in words that hold no part of it but the scheme; null when it is fine. */
export function complaintAboutUrl(url: string): string | null {
  const scheme = /^([a-z][a-z0-9+.-]*:)\/\//i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined) return 'is not a URL such as postgres://user@host:5432/database'
  if (!SCHEMES.includes(scheme)) return `begins with ${scheme}//, which is not postgres:// or redshift://`
  const parsed = parseUrl(url)
  if (parsed === null) return 'cannot be read as a URL'
  if (!isWellEncoded(parsed)) return 'holds a % that is not followed by two hexadecimal digits'
  return complaintAboutSsl(parsed.searchParams.get('sslmode'))
}

/** The driver would take an unknown one for none, and connect without encryption. */
function complaintAboutSsl(mode: string | null): string | null {
  if (mode === null || SSL_MODES.includes(mode)) return null
  return `has an unknown sslmode; there are ${SSL_MODES.join(', ')}`
}

/** The server that a URL says it leads to; null: it may be either, and the server itself tells. */
export function engineOfUrl(url: string): EngineName | null {
  if (/^redshift:/i.test(url)) return 'redshift'
  const host = parseUrl(url)?.hostname.toLowerCase() ?? ''
  return /\.redshift(-serverless)?\.amazonaws\.com(\.cn)?$/.test(host) ? 'redshift' : null
}

/** The URL as it may be shown: passwords are masked, and what cannot be read is not shown at all. */
export function redactUrl(url: string): string {
  const parsed = parseUrl(url)
  if (parsed === null) return /^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0].concat(MASK) ?? MASK
  if (parsed.password !== '') parsed.password = MASK
  for (const name of parsed.searchParams.keys()) {
    if (/password|secret|token/i.test(name)) parsed.searchParams.set(name, MASK)
  }
  return parsed.href.replace('@localhost.invalid', '@')
}

function parseUrl(url: string): URL | null {
  // `postgres://joan@/sales` has no host, which pg reads as the default one and URL refuses.
  for (const text of [url, url.replace('@/', '@localhost.invalid/')]) {
    if (URL.canParse(text)) return new URL(text)
  }
  return null
}

/** Percent signs are decoded when the connection is made, which must not fail there. */
function isWellEncoded({ username, password, hostname, pathname }: URL): boolean {
  try {
    for (const part of [username, password, hostname, pathname]) decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}
