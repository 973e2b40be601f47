import { expect, test } from 'vitest'
import { parseConnection } from '../../../../../src/engine/redshift/connection/connection-settings.ts'

const encrypted = { rejectUnauthorized: false }

test.each([
  ['redshift://joan@db/sales', 'db', 5439, encrypted],
  ['redshift://joan@db:5440/sales', 'db', 5440, encrypted],
  ['redshift://joan@localhost/sales', 'localhost', 5439, encrypted],
  ['redshift://joan@db/sales?sslmode=disable', 'db', 5439, false],
  ['redshift://joan@db/sales?sslmode=no-verify', 'db', 5439, encrypted],
  ['postgres://joan@db:5439/sales', 'db', 5439, encrypted],
  ['postgres://joan@127.0.0.1:5439/sales', '127.0.0.1', 5439, undefined],
])('%s', (url, host, port, ssl) => {
  const config = parseConnection(url)
  expect([config.host, config.port, config.user, config.database]).toEqual([host, port, 'joan', 'sales'])
  expect(config.ssl).toEqual(ssl)
})

test('a password is decoded', () => {
  expect(parseConnection('redshift://joan:se%40cret@db/sales').password).toBe('se@cret')
})

test('a certificate is verified where the URL wants that', () => {
  const { ssl } = parseConnection('redshift://joan@db/sales?sslmode=verify-full')
  expect(ssl).not.toMatchObject(encrypted)
})

test('where AWS has to say which host it is, host and encryption are left open', () => {
  const { host, ssl } = parseConnection('redshift:///sales')
  expect([host ?? '', ssl]).toEqual(['', undefined])
})
