import { expect, test } from 'vitest'
import { parseConnection } from '../../../../../src/engine/redshift/connection/connection-settings.ts'

const encrypted = { rejectUnauthorized: false }

test.each([
  [
    'redshift://joan:se%40cret@db/sales',
    { host: 'db', port: 5439, database: 'sales', password: 'se@cret', ssl: encrypted },
  ],
  ['redshift://joan@db:5440/sales', { host: 'db', port: 5440, ssl: encrypted }],
  ['redshift://joan@localhost/sales', { host: 'localhost', port: 5439, ssl: encrypted }],
  ['redshift://joan@db/sales?sslmode=disable', { host: 'db', ssl: false }],
  ['redshift://joan@db/sales?sslmode=no-verify', { host: 'db', ssl: encrypted }],
  ['postgres://joan@db:5439/sales', { host: 'db', ssl: encrypted }],
  ['postgres://joan@127.0.0.1:5439/sales', { host: '127.0.0.1', ssl: undefined }],
])('%s', (url, settings) => {
  expect(parseConnection(url)).toMatchObject(
    Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
  )
  if (settings.ssl === undefined) expect(parseConnection(url).ssl).toBeUndefined()
})

test('a certificate is verified where the URL wants that', () => {
  const { ssl } = parseConnection('redshift://joan@db/sales?sslmode=verify-full')
  expect(ssl).not.toMatchObject(encrypted)
})

test('where AWS has to say which host it is, host and encryption are left open', () => {
  const { host, ssl } = parseConnection('redshift:///sales')
  expect([host ?? '', ssl]).toEqual(['', undefined])
})
