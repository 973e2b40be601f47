import { query } from '../../support/client.ts'
import type { Files } from '../../support/project.ts'

/** How many views, and how many plain views of others read them: three each. */
export interface Size {
  views: number
  rows: number
}

const tables = 4

/** The names of the views, two levels: the second half reads the first. */
export const viewNames = ({ views }: Size): string[] =>
  Array.from({ length: views }, (_, index) => `v${index}`)

/** Half of the views read tables, half read two views of the first half. All carry the version of what they read. */
export function selectOf(name: string, { views }: Size): string {
  const index = Number(name.slice(1))
  const half = Math.ceil(views / 2)
  if (index < half) return `select version, id, amount from public.source_${index % tables}`
  const [one, other] = [index - half, (index - half + 1) % half]
  // A mix of versions in what was read would show in what is read.
  return (
    `select one.version, one.id, one.amount + other.amount as amount, other.version as other_version\n` +
    `from app.v${one} as one join app.v${other} as other using (id)`
  )
}

export const readersProject = (size: Size): Files => ({
  'duro.yaml': 'concurrency: 2\nswap: { give_up_after: 30s }\n',
  ...Object.fromEntries(
    viewNames(size).flatMap((name) => [
      [`views/app/${name} — 1m.sql`, selectOf(name, size)],
      [`views/app/${name}.yaml`, 'indexes: [{ columns: [id], unique: true }]\n'],
    ]),
  ),
})

export const sources = ({ rows }: Size): string =>
  Array.from(
    { length: tables },
    (_, index) =>
      `create table public.source_${index} as select 1 as version, id, id * 10 as amount from generate_series(1, ${rows}) as id`,
  ).join(';\n')

/** Three plain views on each view: one on it, one on that, one that joins it with its neighbour. */
export function dependentsOf(size: Size): { name: string; select: string }[] {
  const names = viewNames(size)
  return names.flatMap((name, index) => {
    const neighbour = names[(index + 1) % names.length]
    return [
      { name: `${name}_a`, select: `select version, id, amount from app.${name}` },
      { name: `${name}_b`, select: `select version, id from app.${name}_a where id % 2 = 0` },
      {
        name: `${name}_c`,
        select: `select one.version, other.version as other_version, id from app.${name} as one join app.${neighbour} as other using (id)`,
      },
    ]
  })
}

export const createDependents = (size: Size): string =>
  [
    ...dependentsOf(size).map(({ name, select }) => `create view app.${name} as ${select}`),
    // A variable of a view's row type: its type goes when the old version is dropped.
    ...viewNames(size).map(
      (name) => `create function app.read_${name}() returns integer language plpgsql stable as $$
        declare one app.${name}%rowtype;
        begin select * into strict one from app.${name} order by id limit 1; return one.version; end $$`,
    ),
  ].join(';\n')

/** One generation more of all sources, at once. */
export async function nextGeneration(url: string): Promise<void> {
  await query(
    url,
    `begin; ${Array.from({ length: tables }, (_, index) => `update public.source_${index} set version = version + 1`).join('; ')}; commit`,
  )
}
