import { createHash } from 'node:crypto'
import type { Session } from './connection/session.ts'

/** A positive int4. */
const keyOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0) >>> 1

const space = keyOf('duro shadow schemas')
const turn = `${space}, 0`

/**
 * Notes that a session uses the shadows of schemas, before the callback looks which are there. Projects with state
 * schemas of their own, whose runs do not exclude each other, may have views in the same schema and share its shadows:
 * each holds an advisory lock in share mode, which goes away with its session, and they make and drop shadows in turn.
 */
export const beginningUse = <T>(
  session: Session,
  schemas: readonly string[],
  callback: () => Promise<T>,
): Promise<T> =>
  inTurn(session, async () => {
    await session.query('select pg_advisory_lock_shared($1::int, key) from unnest($2::int[]) as key', [
      space,
      schemas.map(keyOf),
    ])
    return callback()
  })

/**
 * Ends what a session noted.
 * @param callback is given those of the schemas that nobody else uses, or begins to use meanwhile
 */
export const endingUse = (
  session: Session,
  schemas: readonly string[],
  callback: (unused: readonly string[]) => Promise<void>,
): Promise<void> =>
  inTurn(session, async () => {
    const keys = schemas.map(keyOf)
    // What was noted several times is held as often.
    while ((await session.query(release, [space, keys])).length > 0);
    const free = await session.query<{ key: number }>(tryOut, [space, keys])
    const unused = new Set(free.map(({ key }) => key))
    await callback(schemas.filter((schema) => unused.has(keyOf(schema))))
  })

const release = `
  select pg_advisory_unlock_shared($1::int, key)
  from unnest($2::int[]) as key
  where exists (
    select from pg_locks
    where locktype = 'advisory' and pid = pg_backend_pid() and mode = 'ShareLock'
      and classid = $1::int::bigint::oid and objid = key::bigint::oid and objsubid = 2)`

/** Nobody can begin to use one while it is our turn. */
const tryOut = `
  select key from unnest($2::int[]) as key
  where case when pg_try_advisory_lock($1::int, key) then pg_advisory_unlock($1::int, key) else false end`

async function inTurn<T>(session: Session, callback: () => Promise<T>): Promise<T> {
  await session.query(`select pg_advisory_lock(${turn})`)
  try {
    return await callback()
  } finally {
    // A transaction that has failed, as that of a trial, takes no statement: then it goes with the session.
    await session.query(`select pg_advisory_unlock(${turn})`).catch(() => undefined)
  }
}
