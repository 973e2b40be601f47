/** Stands where a secret stood. */
const mask = '***'

/** Default passwords that hide nothing, and that are ordinary words in messages. */
const openSecrets: ReadonlySet<string> = new Set(['postgres', 'password'])

/** Below this a secret is too likely to be part of other words; it is masked in its place in a URL only. */
const shortestMasked = 4
/** From this length on a secret is masked inside longer words too. */
const longEnoughAnywhere = 8
/** A short one that may be an ordinary word, or the name of a schema, is masked in its place only too. */
const ordinaryWord = /^[a-z]{1,7}$/

/**
 * Masks what looks like a password and every known secret: the last line of defence, for text that
 * should not hold any. Known secrets are also found in the forms they take in URLs and in JSON.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let redacted = text
  for (const secret of bySize(secrets)) redacted = maskSecret(redacted, secret)
  // What one mask leaves may look like a password to another.
  for (let before = ''; before !== redacted;) {
    before = redacted
    redacted = maskAwsKeys(maskAssignments(maskUrls(redacted)))
  }
  return redacted
}

/** The passwords that a database URL holds, as written and decoded, but for one that is the user's or database's name. */
export function secretsInUrl(url: string): string[] {
  const [, user, authority] = /^[a-z][a-z0-9+.-]*:\/\/([^\s:@/?#]*):(.*)@/i.exec(url) ?? []
  const database = /^[a-z][a-z0-9+.-]*:\/\/.*\/([^\s/?#@]+)(?:\?|$)/i.exec(url)?.[1]
  const parameter = /[?&]password=([^&#\s]*)/i.exec(url)?.[1]
  const found = [authority ?? '', parameter ?? ''].filter((secret) => !['', user, database].includes(secret))
  return [...new Set(found.flatMap((secret) => [secret, decoded(secret)]))]
}

// In databases' URLs people leave `@` and `/` in passwords unescaped, so the last `@` ends the password there.
// In other URLs the authority ends at the first `/`, as paths may hold an `@`.
const databaseUrl = /\b((?:postgres|postgresql|redshift):\/\/[^\s:@/?#"'<>]*):(?!\*\*\*@)[^\s"'<>]*@/gi
const otherUrl = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:@/?#"'<>]*):(?!\*\*\*@)[^\s/?#"'<>]*@/gi

function maskUrls(text: string): string {
  if (!text.includes('://')) return text
  return text.replace(databaseUrl, `$1:${mask}@`).replace(otherUrl, `$1:${mask}@`)
}

const quoted = `'(?:[^'\\\\]|\\\\.|'')*'|"(?:[^"\\\\]|\\\\.)*"`
/** `password=x`, `PGPASSWORD='x y'`, `"password": "x"`, and `password 'x'` as in `create user mapping`. */
const assignment = new RegExp(
  `(password["']?\\s*[=:]\\s*)(?:${quoted})` +
    `|(password\\s*=\\s*)(?!\\*\\*\\*)[^\\s&;,'"()]+` +
    `|(password\\s+)(?:'(?:[^']|'')*')`,
  'gi',
)

function maskAssignments(text: string): string {
  return text.replace(assignment, (_, equals?: string, bare?: string, word?: string) => {
    return `${equals ?? bare ?? word ?? ''}${equals?.includes(':') === true ? `"${mask}"` : mask}`
  })
}

/** `secret_access_key 'x'` as in `copy`, `aws_secret_access_key=x` as in its credentials and in the environment. */
const awsKey =
  /((?:secret_)?access_key(?:_id)?|session_token)(\s+'|\s*=\s*['"]?)(?!\*\*\*)(?:[^\s'"&;,()]|'')+/gi

const maskAwsKeys = (text: string): string => text.replace(awsKey, `$1$2${mask}`)

/** Longest first, so that a secret that holds another one goes as a whole. */
function bySize(secrets: Iterable<string>): string[] {
  const forms = new Set<string>()
  for (const secret of secrets) {
    if (openSecrets.has(secret) || ordinaryWord.test(secret)) continue
    for (const form of [secret, encoded(secret), JSON.stringify(secret).slice(1, -1)]) {
      if (form.length >= shortestMasked && form !== mask) forms.add(form)
    }
  }
  return [...forms].toSorted((a, b) => b.length - a.length)
}

function maskSecret(text: string, secret: string): string {
  if (!text.includes(secret)) return text
  if (secret.length >= longEnoughAnywhere) return text.replaceAll(secret, mask)
  const whole = new RegExp(`(?<![\\p{L}\\p{N}_])${escapeForRegExp(secret)}(?![\\p{L}\\p{N}_])`, 'gu')
  return text.replace(whole, mask)
}

// `RegExp.escape` comes with node 24.
function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return text // half a surrogate pair
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone %: the password was never escaped
  }
}
