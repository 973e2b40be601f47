import { gunzipSync, gzipSync } from 'node:zlib'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { query, usingClient } from '../../support/client.ts'
import { startObjectServer, type ObjectServer } from '../../support/redshift/object-server.ts'
import { useStandIn } from '../../support/redshift/use-stand-in.ts'

let server: ObjectServer
beforeAll(async () => {
  server = await startObjectServer()
})
const standIn = useStandIn(() => ({
  s3: { endpoint: server.endpoint, region: 'eu-west-1', accessKeyId: 'key', secretAccessKey: 'secret' },
}))
afterAll(async () => {
  await server.close()
})

beforeEach(async () => {
  server.objects.clear()
  await query(standIn.url(), 'drop table if exists loaded; create table loaded (n int, s varchar(5), d date)')
})

const put = (name: string, content: string | Buffer): void => {
  server.objects.set(name, Buffer.from(content))
}

async function loaded(): Promise<unknown[]> {
  return query(standIn.url(), 'select n, s, d::varchar as d from loaded order by n')
}

describe('copy', () => {
  test('loads all objects under a prefix, without their headers', async () => {
    put('bucket/in/a.csv', 'n,s,d\n1,"a,""b",2024-01-02\r\n2,,\n')
    put('bucket/in/b.csv', 'n,s,d\n3,"x\ny",2024-01-03')
    put('bucket/other.csv', 'n,s,d\n4,z,2024-01-04')
    await usingClient(standIn.url(), async (client) => {
      const result = await client.query(
        `copy loaded from 's3://bucket/in/' iam_role default csv ignoreheader 1`,
      )
      expect(result).toMatchObject({ command: 'COPY' })
    })
    expect(await loaded()).toEqual([
      { n: 1, s: 'a,"b', d: '2024-01-02' },
      { n: 2, s: '', d: null },
      { n: 3, s: 'x\ny', d: '2024-01-03' },
    ])
  })

  test('loads columns in the order that is given, packed, from a manifest', async () => {
    put('bucket/rows.gz', gzipSync('x,7\nNULL,8\n'))
    put(
      'bucket/manifest',
      JSON.stringify({
        entries: [
          { url: 's3://bucket/rows.gz', mandatory: true },
          { url: 's3://bucket/missing.gz', mandatory: false },
        ],
      }),
    )
    await query(
      standIn.url(),
      `copy loaded (s, n) from 's3://bucket/manifest'
       credentials 'aws_iam_role=arn:aws:iam::1:role/r' format as csv manifest gzip region 'eu-west-1' null as 'NULL'`,
    )
    expect(await loaded()).toEqual([
      { n: 7, s: 'x', d: null },
      { n: 8, s: null, d: null },
    ])
  })

  test('makes empty texts null when asked', async () => {
    put('bucket/a', '1,,\n')
    await query(
      standIn.url(),
      `copy loaded from 's3://bucket/a' access_key_id 'a' secret_access_key 'b' session_token 'c' csv emptyasnull`,
    )
    expect(await loaded()).toEqual([{ n: 1, s: null, d: null }])
  })

  test('belongs to the transaction', async () => {
    put('bucket/a', '1|x|\n')
    await usingClient(standIn.url(), async (client) => {
      await client.query('begin')
      await client.query(`copy loaded from 's3://bucket/a' iam_role 'arn:aws:iam::1:role/r'`)
      expect((await client.query('select count(*)::int as n from loaded')).rows).toEqual([{ n: 1 }])
      await client.query('rollback')
    })
    expect(await loaded()).toEqual([])
  })

  test('runs among other statements', async () => {
    put('bucket/a', '1,x,\n')
    await query(
      standIn.url(),
      `delete from loaded; copy loaded from 's3://bucket/a' iam_role default csv; insert into loaded values (2)`,
    )
    expect(await loaded()).toMatchObject([{ n: 1 }, { n: 2 }])
  })

  test('runs as a prepared statement', async () => {
    put('bucket/a', '1,x,\n')
    await usingClient(standIn.url(), async (client) => {
      await client.query({ name: 'load', text: `copy loaded from 's3://bucket/a' iam_role default csv` })
      expect((await client.query('select $1::int as n', [1])).rows).toEqual([{ n: 1 }])
    })
    expect(await loaded()).toMatchObject([{ n: 1 }])
  })

  test.each([
    ['n,s,d\n1,x,\n2,y,\nthree,z,\n', 'n', 4, 'three', /invalid input syntax for type integer/],
    ['n,s,d\n1,x,\n2,sixsix,\n', 's', 3, 'sixsix', /value too long/],
    ['n,s,d\n1,éééé,\n', null, 2, null, /String length exceeds DDL length/],
  ])('what is wrong with %j is told in the system tables', async (content, column, line, value, message) => {
    put('bucket/bad.csv', content)
    await usingClient(standIn.url(), async (client) => {
      const { rows } = await client.query('select pg_backend_pid() as pid')
      await client.query('begin')
      await expect(
        client.query(`copy loaded from 's3://bucket/bad.csv' iam_role default csv ignoreheader 1`),
      ).rejects.toMatchObject({ code: 'XX000', message: /^Load into table 'loaded' failed\. {2}Check/ })
      await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
      await client.query('rollback')
      const errors = await client.query(
        'select file_name, line_number::int, column_name, error_message from sys_load_error_detail where session_id = $1',
        [rows[0].pid],
      )
      expect(errors.rows).toMatchObject([
        { file_name: 's3://bucket/bad.csv', line_number: line, column_name: column, error_message: message },
      ])
      const older = await client.query(
        'select raw_field_value, colname from stl_load_errors where session = $1',
        [rows[0].pid],
      )
      expect(older.rows).toEqual([{ raw_field_value: value, colname: column }])
    })
    expect(await loaded()).toEqual([])
  })

  test.each([
    [`copy loaded from 's3://bucket/nothing' iam_role default csv`, /prefix 'nothing' does not exist/],
    [
      `copy loaded from 's3://bucket/m' iam_role default csv manifest`,
      /missing in the manifest does not exist/,
    ],
    [`copy loaded from 's3://bucket/m' csv`, /CREDENTIALS argument is required/],
    [`copy loaded from 's3://bucket/m' iam_role default csv region 'us-east-1'`, /PermanentRedirect/],
    [`copy loaded from 's3://bucket/m' iam_role default parquet`, /syntax error at or near "parquet"/],
  ])('%s', async (sql, message) => {
    put('bucket/m', JSON.stringify({ entries: [{ url: 's3://bucket/missing', mandatory: true }] }))
    await expect(query(standIn.url(), sql)).rejects.toThrow(message)
  })
})

describe('unload', () => {
  test('writes what a query finds', async () => {
    await query(standIn.url(), `insert into loaded values (1, 'a,b', '2024-01-02'), (2, null, null)`)
    await query(
      standIn.url(),
      String.raw`unload ('select nvl(s, \'none\') as s, n from loaded order by n') to 's3://bucket/out/' iam_role default csv header parallel off`,
    )
    expect([...server.objects].map(([name, content]) => [name, content.toString()])).toEqual([
      ['bucket/out/000', 's,n\n"a,b",1\nnone,2\n'],
    ])
  })

  test('packs it, with a manifest', async () => {
    await query(
      standIn.url(),
      `unload ('select 1 as n') to 's3://bucket/out/' iam_role default csv gzip manifest`,
    )
    expect([...server.objects.keys()]).toEqual(['bucket/out/0000_part_00.gz', 'bucket/out/manifest'])
    expect(gunzipSync(server.objects.get('bucket/out/0000_part_00.gz') ?? '').toString()).toBe('1\n')
  })

  test('does not write over what is there', async () => {
    put('bucket/out/000', 'there')
    const sql = `unload ('select 1 as n') to 's3://bucket/out/' iam_role default csv parallel off`
    await expect(query(standIn.url(), sql)).rejects.toThrow(/destination on S3 is not empty/)
    await query(standIn.url(), `${sql} allowoverwrite`)
    expect(server.objects.get('bucket/out/000')?.toString()).toBe('1\n')
  })

  test('rejects in its query what Redshift does not know', async () => {
    await expect(
      query(
        standIn.url(),
        `unload ('select array_agg(n) from loaded') to 's3://bucket/out/' iam_role default csv`,
      ),
    ).rejects.toMatchObject({ code: '42883' })
  })
})
