type Variables = Readonly<Record<string, string | undefined>>

/**
 * The URL that libpq's `PG*` variables describe; null when they name no database.
 *
 * `PGHOST` or `PGDATABASE` name one. `PGUSER`, `PGPASSWORD` and `PGPORT` alone do not: many people have them in
 * their profile, to complete whatever else they connect to.
 *
 * @param sslmodeToo whether `PGSSLMODE` becomes part of the URL, which it need not where pg sees the variable itself
 */
export function urlFromVariables(variables: Variables, sslmodeToo: boolean): string | null {
  const { PGHOST: host, PGPORT: port, PGDATABASE: database, PGUSER: user, PGPASSWORD: password } = variables
  if (!host && !database) return null
  const path = encodeURIComponent(database ?? '')
  const sslmode = sslmodeToo ? asPgReadsIt(variables['PGSSLMODE']) : undefined
  if (host && !/^[/@]/.test(host)) {
    const secret = user && password ? `:${encodeURIComponent(password)}` : ''
    const login = user ? `${encodeURIComponent(user)}${secret}@` : ''
    const address = (host.includes(':') ? `[${host}]` : host) + (port ? `:${port}` : '')
    return `postgres://${login}${address}/${path}${asQuery({ password: user ? undefined : password, sslmode })}`
  }
  // This form has room for a socket's folder, and for a host that is left to the default.
  return `postgres:///${path}${asQuery({ host, port, user, password, sslmode })}`
}

/** pg takes these modes for `verify-full` in a variable; in a URL it also warns that this will change. */
function asPgReadsIt(sslmode: string | undefined): string | undefined {
  if (sslmode === 'disable' || sslmode === 'no-verify') return sslmode
  return ['prefer', 'require', 'verify-ca', 'verify-full'].some((mode) => mode === sslmode)
    ? 'verify-full'
    : undefined
}

function asQuery(parameters: Variables): string {
  const set = Object.entries(parameters).flatMap(([name, value]) =>
    value ? [`${name}=${encodeURIComponent(value)}`] : [],
  )
  return set.length === 0 ? '' : `?${set.join('&')}`
}
