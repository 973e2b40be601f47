import { dependentsOf, type Size, viewNames } from './scene.ts'
import type { ReaderKind } from './reader.ts'

const from = (name: string): string => `select distinct version from app.${name}`

const all = (names: readonly string[]): string => names.map(from).join(' union all ')

const every = (step: number, names: readonly string[]): string[] =>
  names.filter((_, index) => index % step === 0)

/** One transaction, a statement for each relation. */
const inTransaction =
  (begin: string, names: readonly string[]): ReaderKind =>
  async ({ ask, tell }) => {
    await tell(begin)
    for (const name of names) await ask(from(name))
    await tell('commit')
  }

/** Sixteen ways to read, two of a kind where the order matters. */
export function readerKinds(size: Size): Record<string, ReaderKind> {
  const views = viewNames(size)
  const plain = dependentsOf(size).map(({ name }) => name)

  const snapshot = 'begin isolation level repeatable read'

  return {
    'one view': ({ ask, pick }) => ask(from(pick(views))),
    'join of three': ({ ask, pick }) =>
      ask(
        `select distinct a.version, b.version as version_b, c.version as version_c
         from app.${pick(views)} a join app.${pick(views)} b using (id) join app.${pick(views)} c using (id)`,
      ),
    'all views': ({ ask }) => ask(all(views)),
    'all views, backwards': ({ ask }) => ask(all(views.toReversed())),
    'plain view': ({ ask, pick }) => ask(from(pick(plain))),
    'all plain views': ({ ask }) => ask(all(plain)),
    'transaction, upwards': inTransaction('begin', every(3, views)),
    'transaction, downwards': inTransaction('begin', every(3, views).toReversed()),
    'transaction over plain views': inTransaction('begin', every(7, plain)),
    'repeatable read': inTransaction(snapshot, every(4, views)),
    'repeatable read, begun long before': async (reading) => {
      await reading.tell(snapshot)
      await reading.ask('select 0 as nothing')
      await new Promise((resolve) => setTimeout(resolve, 300))
      await reading.ask(from(reading.pick(views)))
      await reading.ask(from(reading.pick(plain)))
      await reading.tell('commit')
    },
    'prepared statement': ({ ask, pick }) => {
      const name = pick(views)
      return ask({
        name: `by_id_${name}`,
        text: `select version from app.${name} where id = $1`,
        values: [1],
      })
    },
    'prepared select *': ({ ask, pick }) => {
      const name = pick([...views, ...plain])
      return ask({ name: `all_of_${name}`, text: `select * from app.${name} where id = $1`, values: [2] })
    },
    cursor: async ({ ask, tell, pick }) => {
      await tell('begin')
      await tell(`declare c cursor for select version from app.${pick(views)}`)
      for (let fetches = 0; fetches < 4; fetches++) await ask('fetch 20 from c')
      await tell('commit')
    },
    'function with a row type': ({ ask, pick }) => ask(`select app.read_${pick(views)}() as version`),
    'functions in a transaction': async ({ ask, tell, pick }) => {
      await tell('begin')
      await ask(`select app.read_${pick(views)}() as version`)
      await ask(from(pick(plain)))
      await tell('commit')
    },
  }
}
