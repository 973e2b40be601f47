import { expect, test } from 'vitest'
import type { IamCredentials } from '../../../../../src/engine/redshift/connection/iam-authority.ts'
import { renewed } from '../../../../../src/engine/redshift/connection/iam-credentials.ts'

const minute = 60_000

/** Passwords that are valid for a quarter of an hour, by a clock that is set by hand. */
function world() {
  let time = 0
  let given = 0
  let failing = false
  const secrets: string[] = []
  const ask = async (): Promise<IamCredentials> => {
    given += 1
    if (failing) throw new Error('throttled')
    return { user: 'IAM:joan', password: `secret ${given}`, expiresAt: new Date(time + 15 * minute) }
  }
  const credentials = renewed(ask, { conceal: (secret) => void secrets.push(secret), now: () => time })
  return {
    secrets,
    password: async () => (await credentials()).password,
    pass: (minutes: number) => (time += minutes * minute),
    fail: (fails: boolean) => (failing = fails),
    asked: () => given,
  }
}

test('a password is asked for once, and anew when it is valid for less than a minute', async () => {
  const { password, pass } = world()
  expect(await password()).toBe('secret 1')
  pass(14)
  expect(await password()).toBe('secret 1')
  pass(0.1)
  expect(await password()).toBe('secret 2')
  expect(await password()).toBe('secret 2')
})

test('sessions that are opened at once share one', async () => {
  const { password, pass, asked } = world()
  const four = async () => Promise.all([password(), password(), password(), password()])
  expect(new Set(await four())).toEqual(new Set(['secret 1']))
  pass(15)
  expect(new Set(await four())).toEqual(new Set(['secret 2']))
  expect(asked()).toBe(2)
})

test('a failure reaches all who wait, and is not kept', async () => {
  const { password, fail } = world()
  fail(true)
  const both = await Promise.allSettled([password(), password()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  fail(false)
  expect(await password()).toBe('secret 2')
})

test('every password is concealed before it is given away', async () => {
  const { password, pass, secrets } = world()
  await password()
  expect(secrets).toEqual(['secret 1'])
  pass(20)
  await password()
  expect(secrets).toEqual(['secret 1', 'secret 2'])
})
