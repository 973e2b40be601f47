import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { Client } from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'

import { query, usingClient } from '../../support/client.ts'
import { describeIf } from '../../support/pg-version.ts'
import { hasOpenssl, makeCertificate } from '../../support/redshift/make-certificate.ts'
import type { Certificate, Fault } from '../../support/redshift/start-stand-in.ts'
import { useStandIn } from '../../support/redshift/use-stand-in.ts'

const standIn = useStandIn(() => ({ sha256Users: ['digested'] }))

beforeAll(async () => {
  await query(standIn.url(), 'create table kept (a int, b varchar(10))')
})

async function countKept(where: string): Promise<number> {
  const [row] = await query<{ n: string }>(standIn.upstream, `select count(*) as n from kept where ${where}`)
  return Number(row?.n)
}

test('says that it is Redshift', async () => {
  const [row] = await query(standIn.url(), 'select version()')
  expect(row?.version).toMatch(/^PostgreSQL 8\.0\.2 .* Redshift 1\.0\.\d+$/)
})

/** Lets something happen to the statements that match. */
function on(pattern: RegExp, fault: Fault): void {
  standIn.onStatement((statement) => (pattern.test(statement) ? fault : null))
}

/** Asks to cancel what a session runs, as any client does: by a connection of its own. */
async function cancel(client: Client): Promise<void> {
  const { port, hostname } = new URL(standIn.url())
  const packet = Buffer.alloc(16)
  const words = [
    16,
    80877102,
    Number(Reflect.get(client, 'processID')),
    Number(Reflect.get(client, 'secretKey')),
  ]
  for (const [n, word] of words.entries()) packet.writeInt32BE(word, 4 * n)
  const socket = connect(Number(port), hostname)
  socket.end(packet)
  await once(socket, 'close')
}

describe('at the start of a session', () => {
  test.each([
    ['lock_timeout', { lock_timeout: 1000 }],
    ['idle_in_transaction_session_timeout', { idle_in_transaction_session_timeout: 1000 }],
    ['options', { options: '-c search_path=a' }],
  ])('%s is refused', async (name, settings) => {
    const client = new Client({ connectionString: standIn.url(), ...settings })
    await expect(client.connect()).rejects.toMatchObject({
      code: '42704',
      message: `unrecognized configuration parameter "${name}"`,
    })
  })

  test('statement_timeout is known', async () => {
    const client = new Client({ connectionString: standIn.url(), statement_timeout: 60_000 })
    await client.connect()
    const { rows } = await client.query('show statement_timeout')
    await client.end()
    expect(rows).toEqual([{ statement_timeout: '1min' }])
  })

  test('a database that is not there is an error', async () => {
    await expect(query(standIn.url('not_there'), 'select 1')).rejects.toMatchObject({ code: '3D000' })
  })

  test('a wrong password is an error', async () => {
    const url = new URL(standIn.url())
    url.password = 'wrong'
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })
})

test("a user with a digested password is asked for it in a way of Redshift's own", async () => {
  const { port, hostname } = new URL(standIn.url())
  const settings = Buffer.from('user\0digested\0database\0any\0\0')
  const head = Buffer.alloc(8)
  head.writeInt32BE(head.length + settings.length, 0)
  head.writeInt32BE(196608, 4)
  const socket = connect(Number(port), hostname)
  socket.write(Buffer.concat([head, settings]))
  const [answer] = await once(socket, 'data')
  socket.destroy()
  // Authentication 13, with SHA-256: node-postgres throws on it, out of reach of whoever connects.
  expect(Buffer.from(answer).toString('latin1', 0, 1)).toBe('R')
  expect([Buffer.from(answer).readInt32BE(5), Buffer.from(answer).readInt32BE(9)]).toEqual([13, 0])
})

describe('the protocol', () => {
  test('parameters', async () => {
    expect(await query(standIn.url(), 'select $1::int + 1 as n, $2 as s', [4, 'é'])).toEqual([
      { n: 5, s: 'é' },
    ])
  })

  test('a named statement is read once and runs often', async () => {
    await usingClient(standIn.url(), async (client) => {
      for (const n of [1, 2, 3]) {
        const { rows } = await client.query({
          name: 'again',
          text: `select nvl($1::int, 0) as n`,
          values: [n],
        })
        expect(rows).toEqual([{ n }])
      }
    })
  })

  test('several statements come with one answer each', async () => {
    await usingClient(standIn.url(), async (client) => {
      const results: unknown = await client.query(
        `create table several (a int distkey); insert into several values (1), (2); select count(*)::int as n from several; drop table several`,
      )
      expect(results).toMatchObject([
        { command: 'CREATE' },
        { command: 'INSERT', rowCount: 2 },
        { command: 'SELECT', rows: [{ n: 2 }] },
        { command: 'DROP' },
      ])
    })
  })

  test('several statements cannot be prepared', async () => {
    await expect(query(standIn.url(), 'select $1::int; select 2', [1])).rejects.toMatchObject({
      code: '42601',
    })
  })

  test('an error in the middle undoes what came before it', async () => {
    await usingClient(standIn.url(), async (client) => {
      await expect(
        client.query(`insert into kept values (10, 'x'); select 1 / 0; select 2`),
      ).rejects.toMatchObject({
        code: '22012',
      })
      const { rows } = await client.query('select 3 as n')
      expect(rows).toEqual([{ n: 3 }])
    })
    expect(await countKept('a = 10')).toBe(0)
  })

  test('nothing runs when one of several statements cannot be read', async () => {
    await expect(
      query(
        standIn.url(),
        `begin; insert into kept values (11, 'x'); commit; insert into kept values (1) returning a`,
      ),
    ).rejects.toMatchObject({ code: '42601', message: 'syntax error at or near "returning"', position: '79' })
    expect(await countKept('a = 11')).toBe(0)
  })

  test('empty statements are answered', async () => {
    await usingClient(standIn.url(), async (client) => {
      expect((await client.query('')).rows).toEqual([])
      expect((await client.query(' ; -- nothing\n;')).rows).toEqual([])
      expect((await client.query('select 1 as n;')).rows).toEqual([{ n: 1 }])
    })
  })

  test('a statement with keys can be executed with the extended protocol', async () => {
    await usingClient(standIn.url(), async (client) => {
      await client.query({ name: 'made', text: `create table extended distkey(a) as select 1 as a` })
      const { rows } = await client.query(
        `select attisdistkey from pg_attribute where attrelid = 'extended'::regclass and attnum = $1`,
        [1],
      )
      expect(rows).toEqual([{ attisdistkey: true }])
    })
  })

  test('places in errors are those of the text that was sent', async () => {
    const failing = `select '😀\\'' as a, nvl(1, 2), "missing" from kept`
    await expect(query(standIn.url(), failing)).rejects.toMatchObject({
      code: '42703',
      position: '31',
    })
  })

  test('a running statement can be cancelled', async () => {
    const client = new Client({ connectionString: standIn.url() })
    await client.connect()
    const sleeping = client.query('select pg_sleep(30)')
    const cancelling = sleep(100).then(() => cancel(client))
    await expect(sleeping).rejects.toMatchObject({ code: '57014' })
    await cancelling
    await client.end()
  })

  test('a session that is ended by another one learns so', async () => {
    const client = new Client({ connectionString: standIn.url() })
    const ended = new Promise<Error>((resolve) => client.on('error', resolve))
    await client.connect()
    const { rows } = await client.query('select pg_backend_pid() as pid')
    await query(standIn.url(), 'select pg_terminate_backend($1)', [rows[0].pid])
    expect(await ended).toMatchObject({ code: '57P01' })
  })
})

describe('faults', () => {
  test('all statements are written down, prepared ones when they run', async () => {
    const before = standIn.statements.length
    await query(standIn.url(), 'select 1; select 2')
    await query(standIn.url(), 'select $1::int', [3])
    expect(standIn.statements.slice(before)).toEqual(['select 1', 'select 2', 'select $1::int'])
  })

  test('an error in place of a statement aborts the transaction', async () => {
    on(/insert/, { kind: 'error', sqlstate: 'XX000', message: '1023' })
    await usingClient(standIn.url(), async (client) => {
      await client.query('begin')
      await expect(client.query(`insert into kept values (20, 'x')`)).rejects.toMatchObject({
        code: 'XX000',
        message: '1023',
      })
      await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
      await client.query('rollback')
      expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }])
    })
    expect(await countKept('a = 20')).toBe(0)
  })

  test('an error in place of a statement with parameters', async () => {
    on(/insert/, { kind: 'error', sqlstate: 'XX000', message: '1018' })
    await usingClient(standIn.url(), async (client) => {
      await expect(client.query('insert into kept values ($1)', [21])).rejects.toMatchObject({
        message: '1018',
      })
      expect((await client.query('select $1::int as n', [1])).rows).toEqual([{ n: 1 }])
    })
  })

  test('an error after a commit leaves it committed', async () => {
    on(/^commit/, { kind: 'error-after', sqlstate: 'XX000', message: 'could not say so' })
    await usingClient(standIn.url(), async (client) => {
      await client.query('begin')
      await client.query(`insert into kept values (22, 'x')`)
      await expect(client.query('commit')).rejects.toMatchObject({ message: 'could not say so' })
      expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }])
    })
    expect(await countKept('a = 22')).toBe(1)
  })

  test('an error after a statement that stands alone leaves it committed', async () => {
    on(/insert/, { kind: 'error-after', sqlstate: 'XX000', message: 'late' })
    await expect(query(standIn.url(), `insert into kept values (23, 'x')`)).rejects.toMatchObject({
      message: 'late',
    })
    await expect(query(standIn.url(), `insert into kept values ($1, 'x')`, [23])).rejects.toMatchObject({
      message: 'late',
    })
    expect(await countKept('a = 23')).toBe(2)
  })

  test('an error after a statement that fails by itself is not told', async () => {
    on(/insert/, { kind: 'error-after', sqlstate: 'XX000', message: 'late' })
    await usingClient(standIn.url(), async (client) => {
      await expect(client.query(`insert into kept values ('x')`)).rejects.toMatchObject({ code: '22P02' })
      expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }])
    })
  })

  test('a connection that is cut before a commit loses the transaction', async () => {
    on(/^commit/, { kind: 'cut' })
    await expect(
      usingClient(standIn.url(), async (client) => {
        await client.query('begin')
        await client.query(`insert into kept values (24, 'x')`)
        await client.query('commit')
      }),
    ).rejects.toThrow(/terminated|ECONNRESET/)
    await expect.poll(() => countKept('a = 24')).toBe(0)
  })

  test('a connection that is cut after a commit keeps it', async () => {
    on(/^commit/, { kind: 'cut-after' })
    await expect(
      usingClient(standIn.url(), async (client) => {
        await client.query('begin')
        await client.query(`insert into kept values (25, 'x')`)
        await client.query('commit')
      }),
    ).rejects.toThrow(/terminated|ECONNRESET/)
    expect(await countKept('a = 25')).toBe(1)
  })

  test.each(['cut', 'cut-after'] as const)('%s with parameters', async (kind) => {
    on(/insert/, { kind })
    await expect(query(standIn.url(), 'insert into kept values ($1)', [26])).rejects.toThrow(
      /terminated|ECONNRESET/,
    )
    await expect.poll(() => countKept('a = 26')).toBe(kind === 'cut' ? 0 : 1)
  })

  test('a statement waits for what a test does meanwhile', async () => {
    const gate = new EventEmitter()
    on(/insert/, { kind: 'wait', until: once(gate, 'open') })
    const inserted = query(standIn.url(), `insert into kept values (27, 'x')`)
    await sleep(50)
    expect(await countKept('a = 27')).toBe(0)
    gate.emit('open')
    await inserted
    expect(await countKept('a = 27')).toBe(1)
  })
})

describeIf(hasOpenssl(), 'needs openssl', 'encrypted connections', () => {
  let certificate: Certificate
  beforeAll(async () => {
    certificate = await makeCertificate()
  })
  const encrypted = useStandIn(() => ({ tls: certificate, requireTls: true }))

  test('are made, and the certificate can be looked at', async () => {
    const client = new Client({ connectionString: encrypted.url(), ssl: { ca: certificate.cert } })
    await client.connect()
    const { rows } = await client.query('select $1::int as n', [1])
    await client.end()
    expect(rows).toEqual([{ n: 1 }])
  })

  test('a certificate that nobody vouches for is refused by the client', async () => {
    const client = new Client({ connectionString: encrypted.url(), ssl: true })
    await expect(client.connect()).rejects.toThrow(/self-signed certificate/)
  })

  test('others are refused', async () => {
    await expect(query(encrypted.url(), 'select 1')).rejects.toMatchObject({
      code: '28000',
      message: /SSL off/,
    })
  })
})
