import type { ReferenceKind } from '../../../../src/sql/parser.ts'
import type { GeneratedQuery } from './markers.ts'

/** A query that invites a mistake. */
export interface Trap extends GeneratedQuery {
  title: string
}

const kinds: Record<string, ReferenceKind> = {
  '': 'relation',
  'q:': 'column-qualifier',
  't:': 'type',
  'l:': 'literal',
}

/** References stand in ⟦ ⟧, with q: for the qualifier of a column, t: for a type and l: for a literal. */
export function trap(title: string, marked: string): Trap {
  const references: Trap['references'] = []
  let sql = ''
  for (const [, before = '', kind = '', reference] of marked.matchAll(/([^⟦]*)(?:⟦([qtl]:)?([^⟧]*)⟧)?/g)) {
    sql += before
    if (reference === undefined) continue
    references.push({
      kind: kinds[kind] ?? 'relation',
      span: { start: sql.length, end: sql.length + reference.length },
    })
    sql += reference
  }
  return { title, sql, references }
}

const ctes = [
  trap('a CTE hides a relation', 'with cities as (select 1 as n) select n from cities'),
  trap(
    'a CTE does not hide a qualified name',
    'with cities as (select 1 as n) select cities.n, b.id from ⟦first.cities⟧ as b, cities',
  ),
  trap(
    'a CTE reads the relation of its own name',
    'with cities as (select * from ⟦cities⟧) select * from cities',
  ),
  trap(
    'a CTE reads the qualified relation of its own name',
    'with cities as (select * from ⟦first.cities⟧) select cities.* from cities',
  ),
  trap(
    'a later CTE sees an earlier one',
    'with a as (select 1 as n), b as (select * from a), c as (select * from b, a as d) select 1 as n from c',
  ),
  trap(
    'an earlier CTE does not see a later one',
    'with a as (select * from ⟦cities⟧), cities as (select 2 as n) select a.n, cities.n as m from a, cities',
  ),
  trap(
    'with recursive shows all to all',
    `with recursive a as (select * from cities), cities as (select 1 as n union all select n + 1 from cities where n < 3)
    select a.n, b.id from a, ⟦first.cities⟧ as b`,
  ),
  trap(
    'a CTE within a CTE ends with it',
    'with a as (with cities as (select 1 as n) select * from cities) select a.n from a, ⟦cities⟧',
  ),
  trap(
    'the inner CTE reads the outer CTE of its name',
    'with cities as (select 1 as n) select * from (with cities as (select n + 1 as n from cities) select * from cities) as x',
  ),
  trap(
    'a CTE is seen in a sublink, a lateral subquery, values, order by, limit and a window',
    `with cities as (select 1 as n) select (select n from cities) as a, sum(x.n) over w as b
    from (values ((select n from cities))) as v (n), lateral (select * from cities where n = v.n) as x
    where exists (select from cities) and v.n = any (array(select n from cities))
    window w as (order by (select n from cities)) order by (select n from cities) limit (select n from cities)`,
  ),
  trap(
    'a relation in the same places',
    `select (select max(n) from ⟦cities⟧) as a, sum(x.n) over w as b
    from (values ((select min(id) from ⟦cities⟧))) as v (n), lateral (select * from ⟦cities⟧ where id = v.n) as x
    where exists (select from ⟦cities⟧) and v.n = any (array(select id from ⟦cities⟧))
    window w as (order by (select max(n) from ⟦cities⟧)) order by (select max(n) from ⟦cities⟧) limit (select max(n) from ⟦first.cities⟧)`,
  ),
  trap(
    'a CTE of a set operation is seen on both sides',
    'with cities as (select 1 as n) select n from cities union (select n from ⟦first.cities⟧ except table cities) order by 1',
  ),
  trap(
    'a CTE of one side of a set operation is not seen on the other',
    '(with cities as (select 1 as n) select n from cities) union all select n from ⟦cities⟧',
  ),
  trap(
    'a CTE in the arguments of a function',
    'with cities as (select 2 as n) select * from generate_series(1, (select n from cities)) as cities',
  ),
  trap(
    'a materialized CTE',
    'with cities as not materialized (table ⟦cities⟧), b as materialized (table cities) table b',
  ),
  trap(
    'a CTE whose name is quoted',
    'with "cities" as (select 1 as n), "Cities" as (select 2 as n) select CITIES.n, "Cities".n as m from Cities, "Cities"',
  ),
  trap(
    'a quoted name is no CTE of another case',
    'with "Größe" as (select 1 as n) select x.n from "Größe", ⟦"Größe 😀"⟧ as x',
  ),
  trap(
    'search and cycle',
    `with recursive cities as (select id, n from ⟦first.cities⟧ union all select c.id + 1, c.n from cities as c where c.id < 3)
    search depth first by id set place cycle id set again using way select id, n from cities`,
  ),
]

const aliases = [
  trap('an alias with the name of a relation', 'select cities.n from ⟦first."user"⟧ as cities'),
  trap('an alias with the name of a schema', 'select first.n, (first).n as m from ⟦first.cities⟧ first'),
  trap(
    'two parts are table and column',
    'select first.cities from (select id as cities from ⟦first.cities⟧) as first',
  ),
  trap('a composite column', 'select (first.cities).n from (select cities from ⟦cities⟧) as first'),
  trap(
    'the alias of a join',
    'select j.n from (⟦first.cities⟧ as a join ⟦"Mixed Case"."a""b"⟧ as b using (id, n)) as j',
  ),
  trap(
    'the alias of using',
    'select cities.id from ⟦first.user⟧ as a join ⟦"Mixed Case".cities⟧ as b using (id) as cities',
  ),
  trap('the alias of a function', 'select cities.n from first.cities(2) as cities'),
  trap('a function in from', 'select c.n from cities(2) as c, rows from (first.cities(1), cities(2)) as d'),
  trap('column names of an alias', 'select cities.first from ⟦first.cities⟧ as cities (first, n, label)'),
  trap(
    'for update of names the item',
    'select cities.n from ⟦first.cities⟧, ⟦first.user⟧ as u for update of cities, u',
  ),
]

const forms = [
  trap('only', 'select only_.n from only ⟦first.cities⟧ as only_, only (⟦cities⟧)'),
  trap('a star for the children', 'select n from ⟦first.cities⟧*'),
  trap('table', 'table ⟦first.cities⟧'),
  trap('table only', 'table only ⟦"first".cities⟧'),
  trap(
    'tablesample',
    'select n from ⟦first.cities⟧ tablesample bernoulli ((select 100 from ⟦cities⟧ limit 1)) repeatable (1)',
  ),
  trap('values', 'values (1, (select max(n) from ⟦first.cities⟧)), (2, 3)'),
  trap(
    'grouping sets',
    'select n, label, count(*) from ⟦cities⟧ group by grouping sets ((⟦q:first.cities⟧.n), rollup (cities.label))',
  ),
  trap(
    'distinct on and fetch',
    'select distinct on (⟦q:first.cities⟧.n) n, id from ⟦cities⟧ order by ⟦q:first.cities⟧.n, id fetch first (2) rows only',
  ),
  trap(
    'filter and within group',
    `select count(*) filter (where ⟦q:first.cities⟧.n > (select min(n) from ⟦cities⟧)),
    percentile_disc(0.5) within group (order by ⟦q:first.cities⟧.n) from ⟦first.cities⟧`,
  ),
  trap(
    'xml',
    `select x.* from ⟦first.cities⟧, xmltable('/a' passing xmlelement(name a, ⟦q:first.cities⟧.n) columns n int path '.') as x`,
  ),
  trap(
    'deep in expressions',
    `select case when (⟦q:first.cities⟧.n, 1) in ((select n, 1 from ⟦cities⟧)) then coalesce((array[n, (select max(n) from ⟦first."user"⟧)])[1], 1)
    else greatest(n, (⟦q:first.cities⟧.*).n) end from ⟦first.cities⟧`,
  ),
]

const qualifiers = [
  trap('a qualified column', 'select ⟦q:first.cities⟧.n from ⟦first.cities⟧'),
  trap(
    'a qualified column of an unqualified relation',
    'select ⟦q:first.cities⟧.n, cities.id from ⟦cities⟧ where ⟦q:"first"."cities"⟧.n > 0',
  ),
  trap('a qualified star', 'select ⟦q:first.cities⟧.* from ⟦cities⟧'),
  trap(
    'a whole row',
    'select cities, to_jsonb(⟦q:first.cities⟧.*), count(cities) from ⟦first.cities⟧ group by 1, 2',
  ),
  trap(
    'a managed and another relation of one name',
    'select ⟦q:first.cities⟧.n, ⟦q:second.cities⟧.n as m from ⟦first.cities⟧, ⟦second.cities⟧',
  ),
  trap(
    'two managed relations of one name',
    'select ⟦q:first.cities⟧.n, ⟦q:"Mixed Case".cities⟧.n as m from ⟦first.cities⟧ join ⟦"Mixed Case".cities⟧ on ⟦q:first.cities⟧.id = ⟦q:"Mixed Case".cities⟧.id',
  ),
  trap(
    'an outer relation in a correlated subquery',
    'select (select max(c.n) from ⟦second.cities⟧ as c where c.id = ⟦q:first.cities⟧.id) from ⟦first.cities⟧',
  ),
  trap(
    'an outer relation behind one of the same name',
    'select (select max(cities.n) from ⟦second.cities⟧ where ⟦q:second.cities⟧.id = ⟦q:first.cities⟧.id) from ⟦first.cities⟧',
  ),
  trap(
    'an outer relation behind its own alias',
    'select (select max(c.n) from ⟦first.cities⟧ as c where c.id < ⟦q:first.cities⟧.id) from ⟦first.cities⟧',
  ),
  trap(
    'an outer relation behind a CTE of its name',
    'select (with cities as (select 1 as n) select cities.n + ⟦q:first.cities⟧.n from cities) from ⟦first.cities⟧',
  ),
  trap(
    'a lateral subquery',
    'select x.n from ⟦first.cities⟧, lateral (select ⟦q:first.cities⟧.n * 2 as n) as x',
  ),
  trap(
    'a qualified column with a subscript',
    'select (⟦q:first.cities⟧.label) , (array[⟦q:first.cities⟧.n])[1] from ⟦first.cities⟧',
  ),
]

const writing = [
  trap('nothing between keywords and quotes', 'select"n"from⟦"first"."cities"⟧where⟦q:"first"."cities"⟧.n>0'),
  trap('quotes right after an unquoted name', 'select c."n"from ⟦first.cities⟧"c"'),
  trap('an alias right after a reserved word', 'select c.n from ⟦first.user⟧"c"'),
  trap(
    'a bitwise and that looks like an escaped name',
    'select u&⟦q:first.user⟧.n as n, U&⟦q:first.cities⟧.n as m from ⟦first.cities⟧, ⟦first.user⟧, (select 3 as u) as x',
  ),
  trap(
    'a bitwise and of a name that needs quotes',
    'select u&⟦q:first.user⟧.n as n from ⟦first.user⟧, (select 3 as u) as x',
  ),
  trap('white space in a name', 'select ⟦q:first\n.\t"cities"⟧ . n from ⟦first . \r\n cities⟧'),
  trap(
    'comments in a name',
    'select ⟦q:first/* a.b */./* /* */ */cities⟧/**/./**/n from ⟦first -- 😀\n.cities⟧ -- first.cities',
  ),
  trap('folded names', 'select ⟦q:FIRST.Cities⟧.n, Cities.n as m from ⟦First."cities"⟧'),
  trap('escaped names', `select n from ⟦U&"f\\0069rst".u&"citie\\+000073"⟧`),
  trap(
    'escaped names with uescape',
    `select n from ⟦U&"f!0069rst" uescape '!' . U&"citi?0065s" -- é\n UESCAPE '?'⟧ where n > 0`,
  ),
  trap(
    'comments between words that are read together',
    'select n from ⟦first.cities⟧ where n not -- é\n in (7) and id is not /* x */ null order by n nulls /* y */ -- z\n first',
  ),
  trap('a doubled quote', 'select ⟦q:"Mixed Case"."a""b"⟧.n, "a""b".id from ⟦"Mixed Case"."a""b"⟧'),
  trap(
    'beyond the basic plane',
    `select '😀 first.cities', /* 😀😀 */ "Größe 😀".n, ⟦q:first."Größe 😀"⟧.id from ⟦"Größe 😀"⟧ -- 😀`,
  ),
  trap('63 bytes', `select n from ⟦first.${'é'.repeat(31)}x⟧`),
  trap(
    'more than 63 bytes',
    `select ${'é'.repeat(31)}xyz.n from ⟦first."${'é'.repeat(31)}xyz"⟧ where ⟦q:first.${'é'.repeat(31)}xx⟧.n > 0`,
  ),
  trap(
    'names in strings',
    `select 'from first.cities' as a, $$ first.cities $$ as b, $a$ "first".cities $a$ as c, E'\\' first.cities' as d, n from ⟦first.cities⟧`,
  ),
  trap(
    'a string over several lines',
    `select 'from first.cities' -- first.cities é\n ' first.cities' as a, n from ⟦first.cities⟧`,
  ),
  trap('CRLF', 'select n\r\nfrom ⟦first.cities⟧\r\nwhere n > 0 -- first.cities\r\n'),
]

const types = [
  trap(
    'a row type',
    'select null::⟦t:first.cities⟧, cast(row(1, 2, label) as ⟦t:cities⟧) as x from ⟦first.cities⟧',
  ),
  trap(
    'a row type of a record',
    `select (jsonb_populate_record(null::⟦t:"first".cities⟧, '{"n": 5}')).n as n`,
  ),
  trap('an array of a row type', 'select array_agg(cities)::⟦t:first.cities⟧[] from ⟦first.cities⟧'),
  trap('a row type before a string', `select (⟦t:first.cities⟧ '(1,2,x)').n`),
  trap(
    'a row type in a list of columns',
    `select x.a from jsonb_to_record('{"a": {"n": 3}}') as x (a ⟦t:first.cities⟧, b text)`,
  ),
  trap('a CTE is no type', 'with cities as (select 1 as z) select z, null::⟦t:cities⟧ from cities'),
  trap(
    'built-in types',
    `select '1'::text, 1::int, 1::pg_catalog.int4 as a, date '2020-01-01', '1'::interval day, 1::numeric(3, 1), '{}'::text[] as b, '0/1'::pg_lsn as c, '{}'::_text as d, 'pg_class'::regtype as e`,
  ),
  trap(
    'regclass',
    `select ⟦l:'first.cities'⟧::regclass::oid, cast(⟦l:'cities'⟧ as regclass)::oid as b, (regclass ⟦l:'first.cities'⟧)::oid as c, regclass(⟦l:'first.cities'⟧)::oid as d`,
  ),
  trap(
    'regclass in other quotes',
    `select ⟦l:E'first.cit\\x69es'⟧::regclass::oid, ⟦l:$$ First . "cities" $$⟧::pg_catalog.regclass::oid as b, ⟦l:U&'!0066irst."user"' uescape '!'⟧::regclass::oid as c`,
  ),
  trap('regclass right after a word', `select(regclass⟦l:'"Mixed Case"."a""b"'⟧)::oid`),
  trap(
    'regclass of the system',
    `select ⟦l:'pg_class'⟧::regclass, '1259'::regclass as b, '-'::regclass as c`,
  ),
  trap(
    'regtype',
    `select ⟦l:'first.cities'⟧::regtype::oid, 'text'::regtype as b, 'int[]'::regtype as c, 'double precision'::regtype as d`,
  ),
  trap(
    'regclass in an array',
    `select array[⟦l:'first.cities'⟧, null, ⟦l:'cities'⟧]::regclass[]::oid[], cast(array[array[⟦l:'first."user"'⟧]] as regclass[][])::oid[] as b, (array[⟦l:'first.cities'⟧]::pg_catalog._regclass)[1]::oid as c`,
  ),
  trap(
    'regclass in the text of an array',
    `select '{⟦l:first.cities⟧, ⟦l:"cities"⟧ ,NULL,1259}'::regclass[]::oid[], ('[0:0][1:1]={{ ⟦l:First . cities⟧}}'::regclass[][])[0][1]::oid as b, '{}'::regclass array as c`,
  ),
  trap(
    'regclass in the text of an array, in other quotes',
    `select '{⟦l:"\\"first\\".\\"user\\""⟧}'::_regclass::oid[], E'{⟦l:first.cities⟧}'::regclass[]::oid[] as b, $a$ {⟦l:"first.cities"⟧,⟦l:cities⟧} $a$::regclass[]::oid[] as c`,
  ),
  trap(
    'regtype of arrays',
    `select ⟦l:'first.cities[]'⟧::regtype::oid, '{⟦l:first.cities⟧,⟦l:cities[3] []⟧,text,int[],"double precision"}'::regtype[]::oid[] as b, array[⟦l:'cities []'⟧, 'int']::regtype[]::oid[] as c`,
  ),
  trap('what only looks like regclass', `select 'first.cities'::text, 'first.cities'::name as b`),
  trap(
    'what only looks like an array of regclass',
    `select '{first.cities}'::text[], array['first.cities']::name[] as b, array['first.cities'] as c`,
  ),
]

export const traps: readonly Trap[] = [...ctes, ...aliases, ...forms, ...qualifiers, ...writing, ...types]
