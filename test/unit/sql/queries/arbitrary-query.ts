import * as fc from 'fast-check'
import { type GeneratedQuery, hardSpace, mark, mayGap, mustGap, placeMarks } from './markers.ts'
import { type Relation, relations, spellings } from './relations.ts'

/** In what a query is written, and what about. */
export interface Language {
  relations: readonly Relation[]
  /** All the ways to write a name, `after` a dot or not. */
  spellings: (name: string, after: 'dot' | 'nothing') => string[]
  cteNames: readonly string[]
  aliases: readonly string[]
  /** Whether everything that PostgreSQL knows may be written, or only what Redshift knows too. */
  everything: boolean
}

/** What a query sees: the CTEs, and the items of the `from` around it, innermost last. */
interface Environment {
  ctes: readonly string[]
  outer: readonly Item[][]
  depth: number
}

/** An item of `from`. */
interface Item {
  /** By which it is known: the alias, or the relation's name. */
  name: string
  aliased: boolean
  /** The relation behind it: null for a CTE, a function, a subquery. */
  relation: Relation | null
}

const postgres: Language = {
  relations,
  spellings,
  cteNames: ['cities', 'user', 'b', 'shops', 'Größe 😀'],
  aliases: ['c', 'cities', 'u', 'Größe 😀', 'first', 'shops'],
  everything: true,
}

/** Valid queries of PostgreSQL. */
export const arbitraryQuery = arbitraryQueryIn(postgres)

/** Valid queries with the columns id, n and label over the relations of the test's world, full of names that mislead. */
export function arbitraryQueryIn(language: Language): fc.Arbitrary<GeneratedQuery> {
  return fc.noShrink(fc.integer({ min: 1, max: 0xffff_ffff })).map((seed) => {
    const random = numbersFrom(seed)
    const marked = new QueryWriter(random, language).query({ ctes: [], outer: [], depth: 0 })
    return placeMarks(marked.replaceAll(' ', mustGap), random)
  })
}

/** The generator mulberry32: a query takes thousands of numbers, for which fast-check's own streams are slow. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

class QueryWriter {
  private readonly random: () => number
  private readonly language: Language

  constructor(random: () => number, language: Language) {
    this.random = random
    this.language = language
  }

  query(outside: Environment): string {
    let env = { ...outside, depth: outside.depth + 1 }
    let withClause = ''
    if (env.depth < 3 && this.chance(40)) [withClause, env] = this.withClause(env)
    const simple = () => (this.chance(8) && this.language.everything ? this.table(env) : this.select(env))
    if (this.chance(20)) {
      const operator = this.pick(['union', 'union all', 'intersect', 'except'])
      return `${withClause}${simple()} ${operator} ${this.chance(30) ? `(${this.query(env)})` : simple()} order by 1, 2, 3 limit 9`
    }
    return `${withClause}${simple()}${this.chance(30) ? ' order by 1, 2, 3 limit 5' : ''}`
  }

  private withClause(env: Environment): [string, Environment] {
    const names = [...new Set([this.pick(this.language.cteNames), this.pick(this.language.cteNames)])]
    const recursive = this.chance(30)
    const all = { ...env, ctes: [...env.ctes, ...names] }
    let inner = env
    const written = names.map((name) => {
      // A query that reads its own CTE has to have the form of a recursive one; so the others do not see it.
      const visible = recursive ? { ...all, ctes: all.ctes.filter((cte) => !names.includes(cte)) } : inner
      const spelt = this.spell(name)
      const body = recursive
        ? `${this.noneOf(visible, names)} union all select id + 1, n, label from ${spelt} where id < 3`
        : this.query(visible)
      inner = { ...inner, ctes: [...inner.ctes, name] }
      const how = this.language.everything ? this.pick(['', '', 'materialized ', 'not materialized ']) : ''
      return `${spelt}${mayGap}(id, n, label) as ${how}(${mayGap}${body}${mayGap})`
    })
    return [`with ${recursive ? 'recursive ' : ''}${written.join(`${mayGap}, `)} `, all]
  }

  /** A query that reads none of these names unqualified, since they are CTEs that it must not read. */
  private noneOf(env: Environment, names: readonly string[]): string {
    const readable = this.language.relations.filter(({ name }) => !names.includes(name))
    const relation = this.pick(readable)
    return `select id, n, label from ${mark('relation', this.qualified(relation))}${this.chance(30) ? ` where n > ${this.number({ ...env, ctes: [...env.ctes, ...names], depth: 9 }, [])}` : ''}`
  }

  private table(env: Environment): string {
    return `table ${this.relation(env, false).written}`
  }

  private select(env: Environment): string {
    const items: Item[] = []
    const from = this.from(env, items)
    const inner = { ...env, outer: [...env.outer, items] }
    const column = (name: string) => this.column(items, name)
    const where = this.chance(60) ? ` where ${this.condition(inner)}` : ''
    if (this.chance(15)) {
      const key = column('id')
      const filter = this.language.everything ? ` filter (where ${this.condition(inner)})` : ''
      return `select ${key} as id, sum(${column('n')})${filter}::int as n, min(${column('label')}) from ${from}${where} group by ${key} having count(*) > 0`
    }
    if (this.chance(10) && this.language.everything) {
      return `select ${column('id')} as id, (sum(${column('n')}) over w)::int, ${column('label')} from ${from}${where} window w as (partition by ${column('id')} order by ${column('label')} range unbounded preceding)`
    }
    if (items.length === 1 && this.chance(20)) {
      const star = this.chance(50) ? '*' : `${this.qualifier(items, items[0])}${mayGap}.*`
      return `select ${star} from ${from}${where}`
    }
    return `select ${column('id')} as id, ${this.number(inner, items)} as n, ${column('label')} from ${from}${where}`
  }

  private from(env: Environment, items: Item[]): string {
    let from = ''
    for (let left = this.pick([1, 1, 2, 2, 3]); left > 0; left -= 1) {
      const lateral = from !== '' && this.chance(40) && this.language.everything
      const { written, item } = this.fromItem(env, items, lateral)
      const join = this.pick(['', ' cross join ', ' join ', ' left join '])
      if (from === '') from = written
      else if (join === '') from += `${mayGap}, ${written}`
      else if (join === ' cross join ') from = `${from}${join}${written}`
      // The comma binds less than a join: what stands before it is out of sight of `on`.
      else from += `${join}${written} on ${this.qualifier([...items, item], item)}.n > 1`
      items.push(item)
    }
    return from
  }

  private fromItem(
    env: Environment,
    before: readonly Item[],
    lateral: boolean,
  ): { written: string; item: Item } {
    if (env.depth < 3 && this.chance(25)) {
      const alias = this.freeAlias(before)
      const inner = lateral ? { ...env, outer: [...env.outer, [...before]] } : env
      const written = `${lateral ? 'lateral ' : ''}(${mayGap}${this.query(inner)}${mayGap})${mayGap}as ${this.spell(alias)} (id, n, label)`
      return { written, item: { name: alias, aliased: true, relation: null } }
    }
    if (this.chance(10)) {
      const alias = this.freeAlias(before)
      const call = this.pick(['cities(2)', `first${mayGap}.cities(${mayGap}1)`])
      return {
        written: `${call} as ${this.spell(alias)}`,
        item: { name: alias, aliased: true, relation: null },
      }
    }
    return this.relationItem(env, before)
  }

  private relationItem(env: Environment, before: readonly Item[]): { written: string; item: Item } {
    const { written, name, relation } = this.relation(env, true)
    const clash = before.some(
      (item) => item.name === name && (item.aliased || !differ(item.relation, relation)),
    )
    if (clash || this.chance(40)) {
      const alias = this.freeAlias(before)
      return {
        written: `${written}${this.pick([' ', ' as '])}${this.spell(alias)}`,
        item: { name: alias, aliased: true, relation },
      }
    }
    return { written, item: { name, aliased: false, relation } }
  }

  private relation(
    env: Environment,
    decorated: boolean,
  ): { written: string; name: string; relation: Relation | null } {
    const named = this.pick(this.language.relations)
    if (!named.unqualified || this.chance(60)) {
      const written = mark('relation', this.qualified(named))
      const forms = ['', '', '', '', 'only', 'only()', '*', 'sample']
      const form = decorated && this.language.everything ? this.pick(forms) : ''
      if (form === 'only') return { written: `only ${written}`, name: named.name, relation: named }
      if (form === 'only()')
        return { written: `only${mayGap}(${mayGap}${written}${mayGap})`, name: named.name, relation: named }
      if (form === '*') return { written: `${written}${mayGap}*`, name: named.name, relation: named }
      return { written, name: named.name, relation: named }
    }
    const spelt = this.spell(named.name)
    const hidden = env.ctes.includes(named.name)
    return {
      written: hidden ? spelt : mark('relation', spelt),
      name: named.name,
      relation: hidden ? null : named,
    }
  }

  private condition(env: Environment): string {
    const items = env.outer.at(-1) ?? []
    if (env.depth < 3 && this.chance(30)) {
      const operator = this.pick(['exists', 'not exists'])
      return `${operator}${mayGap}(${this.query(env)})`
    }
    if (env.depth < 3 && this.chance(20))
      return `${this.column(items, 'id')} in (select id from (${this.query(env)}) as q)`
    return `${this.number(env, items)}${mayGap}<>${mayGap}${this.number(env, items)}`
  }

  private number(env: Environment, items: readonly Item[]): string {
    const scopes = env.outer.filter((scope) => scope.length > 0)
    const scope = this.pick([items, items, ...scopes])
    const depths = env.outer.slice(env.outer.findIndex((each) => each === scope) + 1)
    const hidden = scope === items ? [] : depths.flat()
    const seen = scope.filter((item) => isReachable(item, hidden))
    if (seen.length === 0) return this.pick(['1', '2', `length('from${hardSpace}first.cities')`])
    const item = this.pick(seen)
    const behind = item.relation !== null && hidden.some(({ name }) => name === item.name)
    const qualifier =
      behind && item.relation !== null
        ? mark('column-qualifier', this.qualified(item.relation))
        : this.qualifier(scope, item)
    return this.pick([
      () => `${qualifier}${mayGap}.${mayGap}n`,
      () => `(${qualifier}.n${mayGap}+${mayGap}1)`,
      () => `case when ${qualifier}.n is null then 0 else${mustGap}${qualifier}.id end`,
      () => `(select ${qualifier}.n)`,
      () => (this.language.everything ? `(${qualifier}${mayGap}.${mayGap}*).n` : this.described()),
      () => (this.language.everything ? this.rowType(qualifier) : `abs(${qualifier}.n)`),
    ])()
  }

  /** Numbers that come from a row type or from what is known of a relation. */
  private rowType(qualifier: string): string {
    const relation = this.pick(this.language.relations)
    const type = mark('type', this.qualified(relation))
    return this.pick([
      `(jsonb_populate_record(null::${mayGap}${type}, to_jsonb(${qualifier}.*))).n`,
      `(cast${mayGap}(row(1, 2, 'x') as ${type})).n`,
      `length(pg_typeof(null::${type}[])::${mayGap}text) * 0 + 1`,
      this.described(),
    ])
  }

  private described(): string {
    const relation = this.pick(this.language.relations)
    const literal = `'${[relation.schema, relation.name].map((part) => this.plain(part)).join('.')}'`
    return `length(obj_description(${mark('literal', literal)}::${mayGap}regclass, 'pg_class'))`
  }

  private column(items: readonly Item[], name: string): string {
    const item = this.pick(items)
    return `${this.qualifier(items, item)}${mayGap}.${name}`
  }

  /** How an item is named before a column: by its relation only where that has no alias, by its name where that is one. */
  private qualifier(items: readonly Item[], item: Item | undefined): string {
    if (item === undefined) throw new Error('there is no such item')
    const unique = items.filter(({ name }) => name === item.name).length === 1
    const { relation } = item
    if (relation !== null && !item.aliased && (!unique || this.chance(60))) {
      return mark('column-qualifier', this.qualified(relation))
    }
    return this.spell(item.name)
  }

  private qualified({ schema, name }: Relation): string {
    return `${this.spell(schema)}${mayGap}.${mayGap}${solid(this.pick(this.language.spellings(name, 'dot')))}`
  }

  private spell(name: string): string {
    return solid(this.pick(this.language.spellings(name, 'nothing')))
  }

  /** As it can stand in the text of a regclass constant. */
  private plain(name: string): string {
    const [quoted = name] = this.language.spellings(name, 'nothing')
    return solid(this.chance(50) && /^[a-z]+$/.test(name) ? ` ${name.toUpperCase()} ` : quoted)
  }

  private freeAlias(before: readonly Item[]): string {
    const free = this.language.aliases.filter((alias) => !before.some(({ name }) => name === alias))
    return this.pick(free)
  }

  private chance(percent: number): boolean {
    return this.random() % 100 < percent
  }

  private pick<T>(choices: readonly T[]): T {
    const choice = choices[this.random() % choices.length]
    if (choice === undefined) throw new Error('nothing to choose from')
    return choice
  }
}

/** An item that is out of sight behind another of its name can still be named with its schema, if it has no alias. */
function isReachable(item: Item, hidden: readonly Item[]): boolean {
  const before = hidden.filter(({ name }) => name === item.name)
  const byRelation = item.relation !== null && !item.aliased
  return before.every((other) => byRelation && (other.aliased || other.relation !== item.relation))
}

/** Two relations of the same name may stand side by side, as long as they are told apart by their schemas. */
function differ(one: Relation | null, other: Relation | null): boolean {
  return one !== null && other !== null && one !== other
}

function solid(text: string): string {
  return text.replaceAll(' ', hardSpace)
}
