import { expect, test } from 'vitest'

import { parseConnection } from '../../../../src/engine/postgres/connection/connection-settings.ts'

test.each([
  ['disable', false],
  ['require', { rejectUnauthorized: false }],
  ['no-verify', { rejectUnauthorized: false }],
  ['verify-full', {}],
])('sslmode=%s', (mode, ssl) => {
  expect(parseConnection(`postgres://joan@db/sales?sslmode=${mode}`).ssl).toEqual(ssl)
  expect(parseConnection(`postgres://joan@db/sales?sslmode=${mode}&application_name=x`).ssl).toEqual(ssl)
})
