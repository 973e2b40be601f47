import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redact, secretsInUrl } from '../../../src/cli/redact.ts'

describe('without knowing any secret', () => {
  test.each([
    ['postgres://u:geheim@h:5432/db', 'postgres://u:***@h:5432/db'],
    ['postgresql://u:a@h/db', 'postgresql://u:***@h/db'],
    ['postgres://u:p@ss/w@h/db', 'postgres://u:***@h/db'],
    ['postgres://:pw@h', 'postgres://:***@h'],
    ['connect to "postgres://u:p%40w@h/db" failed', 'connect to "postgres://u:***@h/db" failed'],
    ['https://bot:token@hooks.example.com/a@b', 'https://bot:***@hooks.example.com/a@b'],
    ['postgres://h/db?password=geheim&sslmode=require', 'postgres://h/db?password=***&sslmode=require'],
    ["host=h password='a b' user=u", 'host=h password=*** user=u'],
    ['PGPASSWORD=geheim psql', 'PGPASSWORD=*** psql'],
    ['{"password": "a b"}', '{"password": "***"}'],
    ["options (user 'u', password 'a b')", "options (user 'u', password ***)"],
    [
      "access_key_id 'AKIA' secret_access_key 'a''b' session_token 'c'",
      "access_key_id '***' secret_access_key '***' session_token '***'",
    ],
    ['AWS_SECRET_ACCESS_KEY=geheim', 'AWS_SECRET_ACCESS_KEY=***'],
    [
      "credentials 'aws_access_key_id=A;aws_secret_access_key=B'",
      "credentials 'aws_access_key_id=***;aws_secret_access_key=***'",
    ],
  ])('%s', (text, redacted) => {
    expect(redact(text)).toBe(redacted)
  })

  test.each([
    'postgres://u@h:5432/db',
    'https://example.com:8080/path@v1',
    'password authentication failed for user "u"',
    'select password from users',
    's3.access_key_id needs secret_access_key too',
  ])('%s stays', (text) => {
    expect(redact(text)).toBe(text)
  })
})

describe('known secrets', () => {
  test('a long one is masked inside words too', () => {
    expect(redact('xhunter2!y hunter2!', ['hunter2!'])).toBe('x***y ***')
  })

  test('a short one is masked as a whole word only', () => {
    expect(redact('City7 of City7s, City7.', ['City7'])).toBe('*** of City7s, ***.')
  })

  test('a very short one only in its place in a URL', () => {
    expect(redact('a banana at postgres://u:a@h', ['a'])).toBe('a banana at postgres://u:***@h')
  })

  test('a short one that may be an ordinary word only in its place, too', () => {
    const text = 'shop.orders: postgres://app:shop@h/db and password=shop'
    expect(redact(text, ['shop'])).toBe('shop.orders: postgres://app:***@h/db and password=***')
  })

  test('default passwords hide nothing', () => {
    expect(redact('postgres://postgres:postgres@h', ['postgres'])).toBe('postgres://postgres:***@h')
  })

  test('encoded for a URL and for JSON', () => {
    expect(redact('p%40ss%2Fword {"a":"x\\"secret"}', ['p@ss/word', 'x"secret'])).toBe('*** {"a":"***"}')
  })

  test('half a surrogate pair does no harm', () => {
    expect(redact('\ud800geheim', ['\ud800geheim'])).toBe('***')
  })

  test('the longer of two goes first', () => {
    expect(redact('geheimnisvoll', ['geheimnis', 'geheimnisvoll'])).toBe('***')
  })

  test('no known secret of eight characters and more survives, wherever it stands', () => {
    const secret = fc.string({ minLength: 8, maxLength: 20 }).filter((text) => !text.includes('*'))
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
        const redacted = redact(`${before}${hidden}${after}`, [hidden])
        expect(redacted).not.toContain(hidden)
      }),
    )
  })

  test('masking twice is masking once', () => {
    const part = fc.constantFrom(
      'postgres://',
      'u:',
      'password=',
      'access_key_id ',
      '"',
      "'",
      '@h',
      ' ',
      'geheim99',
      '***',
      '\\',
    )
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        (text) => {
          const once = redact(text, ['geheim99'])
          expect(redact(once, ['geheim99'])).toBe(once)
        },
      ),
      { numRuns: 3000, examples: [['postgres://postgres://password=""@h']] },
    )
  })
})

describe('secretsInUrl', () => {
  test.each([
    ['postgres://u:p%40ss@h/db', ['p%40ss', 'p@ss']],
    ['postgres://u@h/db?password=abc', ['abc']],
    ['postgres://u:100%@h/db', ['100%']],
    ['postgres://u@h/db', []],
    ['postgres://warehouse:warehouse@h/db', []],
    ['postgres://u:warehouse@h/warehouse?sslmode=require', []],
    ['postgres://u:warehouse@h/other', ['warehouse']],
    ['embedded', []],
  ])('%s', (url, secrets) => {
    expect(secretsInUrl(url)).toEqual(secrets)
  })
})
