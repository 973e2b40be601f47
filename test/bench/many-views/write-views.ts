import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One view of a large made-up project. */
export interface ManyView {
  schema: string
  name: string
  sql: string
}

const schemas = 20

/** Views of some lines each: every tenth reads a table only, the others one to three views made shortly before. */
export function makeManyViews(count: number): ManyView[] {
  return Array.from({ length: count }, (_, index) => {
    const reads =
      index % 10 === 0 ? [] : [...new Set([index - 1, index - 7, index - 20])].slice(0, 1 + (index % 3))
    const views = reads.filter((read) => read >= 0).map(nameOf)
    return { ...partsOf(index), sql: selectFrom(views) }
  })
}

/** A folder as people have it: a view to a file, some with settings of their own. */
export async function writeManyViews(root: string, views: readonly ManyView[]): Promise<void> {
  await writeFile(join(root, 'duro.yaml'), 'concurrency: 2\n')
  for (const schema of new Set(views.map((view) => view.schema))) {
    await mkdir(join(root, 'views', schema), { recursive: true })
  }
  for (const [index, { schema, name, sql }] of views.entries()) {
    await writeFile(join(root, 'views', schema, `${name} — 24h.sql`), sql)
    if (index % 10 !== 5) continue
    await writeFile(
      join(root, 'views', schema, `${name}.yaml`),
      'totals: { amount: sum(amount) }\ntags: [some]\n',
    )
  }
}

const partsOf = (index: number) => ({
  schema: `part_${index % schemas}`,
  name: `view_${String(index).padStart(5, '0')}`,
})

const nameOf = (index: number): string => Object.values(partsOf(index)).join('.')

/** About 500 bytes. */
function selectFrom([first = 'public.source', ...others]: readonly string[]): string {
  const joins = others.map(
    (name, index) => `left join ${name} as other_${index} on other_${index}.id = main.id`,
  )
  return `
-- Sums and shares by day, as a person would write them.
with main as (
  select id, day, amount, label
  from ${first}
  where amount is not null and label <> 'nothing'
)
select
  main.id,
  main.day,
  coalesce(main.amount, 0) + 1 as amount,
  case when main.amount > 100 then 'large' when main.amount > 10 then 'medium' else main.label end as label
from main
${joins.join('\n')}
where main.day >= date '2020-01-01'
order by main.id
`.trim()
}
