type Variables = Readonly<Record<string, string | undefined>>

/**
 * The URL that libpq's `PG*` variables describe; null when they name no database.
 *
 * `PGHOST` or `PGDATABASE` name one. `PGUSER`, `PGPASSWORD` and `PGPORT` alone do not: many people have them in
 * their profile, to complete whatever else they connect to.
 */
export function urlFromVariables(variables: Variables): string | null {
  const { PGHOST: host, PGPORT: port, PGDATABASE: database, PGUSER: user, PGPASSWORD: password } = variables
  if (!host && !database) return null
  const path = encodeURI(database ?? '')
  const sslmode = variables['PGSSLMODE']
  if (host && !/^[/@]/.test(host)) {
    const secret = user && password ? `:${encodeURIComponent(password)}` : ''
    const login = user ? `${encodeURIComponent(user)}${secret}@` : ''
    const address = (host.includes(':') ? `[${host}]` : host) + (port ? `:${port}` : '')
    return `postgres://${login}${address}/${path}${asQuery({ password: user ? undefined : password, sslmode })}`
  }
  // This form has room for a socket's folder, and for a host that is left to the default.
  return `postgres:///${path}${asQuery({ host, port, user, password, sslmode })}`
}

function asQuery(parameters: Variables): string {
  const set = Object.entries(parameters).flatMap(([name, value]) =>
    value ? [`${name}=${encodeURIComponent(value)}`] : [],
  )
  return set.length === 0 ? '' : `?${set.join('&')}`
}
