import { usingClient } from '../../support/client.ts'
import { dependentsOf, selectOf, type Size, viewNames } from './scene.ts'

/** What people write by hand: build beside, then rename everything in one transaction, and put the plain views back. */
export async function refreshNaively(url: string, size: Size): Promise<void> {
  const names = viewNames(size)
  await usingClient(url, async (client) => {
    for (const name of names) {
      await client.query(`drop materialized view if exists app.${name}__new cascade`)
    }
    for (const name of names) {
      const select = selectOf(name, size).replaceAll(/app\.(v\d+)/g, 'app.$1__new')
      await client.query(`create materialized view app.${name}__new as ${select}`)
      await client.query(`create unique index on app.${name}__new (id)`)
    }
    await client.query('begin')
    try {
      for (const name of names) {
        await client.query(`alter materialized view app.${name} rename to ${name}__old`)
        await client.query(`alter materialized view app.${name}__new rename to ${name}`)
      }
      for (const { name, select } of dependentsOf(size)) {
        await client.query(`create or replace view app.${name} as ${select}`)
      }
      for (const name of names.toReversed()) await client.query(`drop materialized view app.${name}__old`)
      await client.query('commit')
    } catch (error) {
      await client.query('rollback').catch(() => undefined)
      throw error
    }
  })
}
