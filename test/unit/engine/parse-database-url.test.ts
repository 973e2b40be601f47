import { expect, it } from 'vitest'
import { parseDatabaseUrl } from '../../../src/engine/parse-database-url.ts'

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
