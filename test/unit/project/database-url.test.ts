import { expect, test } from 'vitest'
import { complaintAboutUrl, engineOfUrl, redactUrl } from '../../../src/project/database-url.ts'

test.each([
  'postgres://localhost/sales',
  'postgresql://joan:secret@db.example.com:5433/sales?sslmode=require',
  'POSTGRES://localhost/sales',
  'postgres:///sales',
  'postgres:///sales?host=/tmp',
  'postgres://joan@/sales',
  'postgres://%2Fvar%2Frun%2Fpostgresql/sales',
  'postgres://joan:p%40ss@[::1]:5432/sales',
])('%s is fine', (url) => {
  expect(complaintAboutUrl(url)).toBeNull()
})

test.each([
  ['mysql://joan:secret@db/sales', 'begins with mysql://, which is not postgres:// or redshift://'],
  ['localhost:5432/sales', 'is not a URL such as postgres://user@host:5432/database'],
  ['secret', 'is not a URL such as postgres://user@host:5432/database'],
  ['postgres://joan:sec#ret@db/sales', 'cannot be read as a URL'],
  ['postgres://db:port/sales', 'cannot be read as a URL'],
  [
    'postgres://db/sales?sslmode=on',
    'has an unknown sslmode; there are disable, prefer, require, verify-ca, verify-full, no-verify',
  ],
  ['postgres://joan:100%@db/sales', 'holds a % that is not followed by two hexadecimal digits'],
])('%s', (url, complaint) => {
  expect(complaintAboutUrl(url)).toBe(complaint)
})

test.each([
  ['postgres://joan:secret@db:5432/sales', 'postgres://joan:***@db:5432/sales'],
  ['postgres://joan:se@cr@et@db/sales', 'postgres://joan:***@db/sales'],
  ['postgres://joan@db/sales', 'postgres://joan@db/sales'],
  ['postgres://joan:secret@/sales', 'postgres://joan:***@/sales'],
  ['postgres:///sales?user=joan&password=secret', 'postgres:///sales?user=joan&password=***'],
  ['postgres://db/sales?sslpassword=secret', 'postgres://db/sales?sslpassword=***'],
  ['postgres://joan:sec#ret@db/sales', 'postgres://***'],
  ['secret', '***'],
])('%s is shown as %s', (url, shown) => {
  expect(redactUrl(url)).toBe(shown)
})

test.each([
  ['redshift://joan:secret@db/sales', 'redshift'],
  ['postgres://joan@sales.abc123.eu-west-1.redshift.amazonaws.com:5439/sales', 'redshift'],
  ['postgres://sales.123456789012.eu-west-1.redshift-serverless.amazonaws.com/sales', 'redshift'],
  ['postgres://db/sales', null],
  ['postgres://db/redshift.amazonaws.com', null],
  ['postgres://redshift.amazonaws.com.example.com/sales', null],
  ['postgres:///sales?host=/tmp', null],
])('%s leads to %s', (url, engine) => {
  expect(engineOfUrl(url)).toBe(engine)
})
