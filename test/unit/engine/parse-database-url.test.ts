import { expect, it } from 'vitest'
import { parseDatabaseUrl } from '../../../src/engine/parse-database-url.ts'
import { urlFromVariables } from '../../../src/project/url-from-variables.ts'

it.each([
  ['postgres://ada:secret@db:5433/shop', undefined],
  ['postgres://db/shop?sslmode=disable', false],
  ['postgres://db/shop?sslmode=require', { rejectUnauthorized: false }],
  ['postgres://db/shop?sslmode=no-verify', { rejectUnauthorized: false }],
  ['postgres://db/shop?sslmode=verify-full', {}],
  ['postgres://db/shop?uselibpqcompat=true&sslmode=require', { rejectUnauthorized: false }],
  ['postgres://db/shop?sslmode=require&uselibpqcompat=true', { rejectUnauthorized: false }],
  ['postgres://db/shop?uselibpqcompat=true', undefined],
])('reads %s as libpq does', (url, ssl) => {
  const config = parseDatabaseUrl(url)
  expect(config).toMatchObject({ database: 'shop' })
  expect(config.ssl).toEqual(ssl)
})

it('throws where nothing can be made of it', () => {
  expect(() => parseDatabaseUrl('postgres://db:port/shop')).toThrow('Invalid URL')
})

it.each(['eu#1', 'a?b=c', 'a/b', 'a@b:$', 'ä ö', '100%'])('a database may be called %s', (name) => {
  const url = urlFromVariables({ PGHOST: 'localhost', PGDATABASE: name }, false)
  expect(parseDatabaseUrl(url ?? '').database).toBe(name)
  expect(parseDatabaseUrl(urlFromVariables({ PGDATABASE: name }, false) ?? '').database).toBe(name)
})
