import { trap } from '../queries/traps.ts'

/** Queries that invite a mistake when they are read as Redshift reads them. References stand in ⟦ ⟧, see `trap`. */
const ctes = [
  trap('a CTE hides a relation', 'with cities as (select 1 as n) select n from cities'),
  trap(
    'a CTE reads the qualified relation of its own name',
    'with sofa as (select * from ⟦derived.sofa⟧) select sofa.* from sofa',
  ),
  trap('a CTE reads the relation of its own name', 'with sofa as (select * from ⟦sofa⟧) select * from sofa'),
  trap(
    'a CTE does not hide a qualified name',
    'with cities as (select 1 as n) select cities.n, b.id from ⟦first.cities⟧ as b, cities',
  ),
  trap(
    'an earlier CTE does not see a later one',
    'with a as (select * from ⟦cities⟧), cities as (select 2 as n) select a.n from a, cities',
  ),
  trap(
    'a later CTE sees an earlier one',
    'with a as (select 1 as n), b as (select * from a), c as (select * from b, a as d) select 1 from c',
  ),
  trap(
    'a recursive CTE reads itself',
    'with recursive cities(n) as (select n from ⟦first.cities⟧ union all select n + 1 from cities where n < 3) select n from cities',
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
    'a CTE of one side of a set operation is not seen on the other',
    '(with cities as (select 1 as n) select n from cities) union all select n from ⟦cities⟧',
  ),
  trap(
    'a CTE is seen on both sides of minus',
    'with cities as (select 1 as n) select n from cities minus (select n from ⟦first.cities⟧ except select n from cities) order by 1',
  ),
  trap(
    'a CTE whose name is quoted is the same in any case',
    'with "Cities" as (select 1 as n) select CITIES.n from cities',
  ),
  trap(
    'a CTE in a subquery of the select list',
    'select (with cities as (select 1 as n) select n from cities), a from ⟦cities⟧',
  ),
  trap('a CTE is no schema', 'with first as (select 1 as n) select n from first, ⟦second.cities⟧'),
]

const aliases = [
  trap('an alias with the name of a relation', 'select cities.n from ⟦first."user"⟧ as cities'),
  trap('an alias without as', 'select c.n from ⟦first.cities⟧ c'),
  trap('column names of an alias', 'select c.first from ⟦first.cities⟧ as c (first, n)'),
  trap(
    'the alias of a subquery',
    'select first.cities from (select id as cities from ⟦first.cities⟧) as first',
  ),
  trap(
    'the alias of a join',
    'select j.n from (⟦first.cities⟧ as a join ⟦first.shops⟧ as b using (id)) as j',
  ),
  trap(
    'a relation in parentheses',
    'select a.n from (⟦first.cities⟧ a join ⟦first.shops⟧ on a.id = shops.id)',
  ),
  trap('an alias called like its schema', 'select first.n from ⟦first.cities⟧ first, ⟦first.orders⟧ o'),
  trap(
    'a relation called like its schema',
    'select sales.n from ⟦sales.sales⟧, ⟦sales.orders⟧ where sales.n > 0',
  ),
  trap(
    'words that are names here',
    'select last.n, date.d from ⟦a.last⟧ last, ⟦a.date⟧ date join ⟦a.row⟧ row on true where row.n = 1',
  ),
  trap(
    'a frame with the same words',
    'select sum(n) over (order by n rows between unbounded preceding and current row) from ⟦a.b⟧',
  ),
  trap(
    'names that the sdk knows as words',
    'select type, key, value, year, first, t.date, t.order from ⟦a.b⟧ t',
  ),
]

const functions = [
  trap('a function in from', 'select c.n from first.cities(2) as c, generate_series(1, 2) g'),
  trap('a function with a schema', 'select first.cities(1), n from ⟦first.cities⟧'),
  trap(
    'from within functions',
    `select extract(year from ⟦q:first.cities⟧.d), substring(⟦q:first.cities⟧.a from 1 for 2), trim(both 'x' from ⟦q:first.cities⟧.a) from ⟦first.cities⟧`,
  ),
  trap(
    'functions of Redshift',
    `select getdate(), sysdate, convert(int, ⟦q:a.b⟧.x), decode(⟦q:a.b⟧.x, 1, 2, 3), nvl2(⟦q:a.b⟧.x, 1, 2), nvl(⟦q:a.b⟧.x, 1),
    dateadd(day, 1, ⟦q:a.b⟧.d), datediff(month, ⟦q:a.b⟧.d, b.e), date_part(year, ⟦q:a.b⟧.d) from ⟦a.b⟧`,
  ),
  trap(
    'approximate count and listagg',
    `select approximate count(distinct ⟦q:a.b⟧.x), listagg(⟦q:a.b⟧.x, ', ') within group (order by ⟦q:a.b⟧.y) over (partition by ⟦q:a.b⟧.z) from ⟦a.b⟧`,
  ),
  trap(
    'approximate percentile_disc and median',
    'select approximate percentile_disc(0.5) within group (order by ⟦q:a.b⟧.x), median(⟦q:a.b⟧.y) from ⟦a.b⟧',
  ),
  trap(
    'ignore nulls',
    'select last_value(⟦q:a.b⟧.x ignore nulls) over (order by ⟦q:a.b⟧.y), lag(b.x, 1) ignore nulls over (order by 1) from ⟦a.b⟧',
  ),
  trap(
    'casts',
    `select ⟦q:a.b⟧.x::super, b.y::varchar(10), cast(⟦q:a.b⟧.z as decimal(10, 2)), b.d::timestamp without time zone from ⟦a.b⟧`,
  ),
  trap(
    'constants with a type',
    `select varchar 'a.b', int '1', char(3) 'abc', date '2020-01-01', interval '1 day', interval '1' year from ⟦a.b⟧`,
  ),
]

const clauses = [
  trap('top', 'select top 10 ⟦q:a.b⟧.x from ⟦a.b⟧'),
  trap('top with distinct', 'select distinct top (5) x from ⟦a.b⟧'),
  trap(
    'qualify',
    'select x from ⟦a.b⟧ qualify row_number() over (partition by ⟦q:a.b⟧.x order by ⟦q:a.b⟧.y) = 1',
  ),
  trap('qualify behind an alias', 'select x from ⟦a.b⟧ c where true qualify rank() over (order by c.y) = 1'),
  trap('exclude', 'select * exclude (a, b) from ⟦s.t⟧'),
  trap('exclude behind a qualified star', 'select ⟦q:s.t⟧.* exclude (a) from ⟦s.t⟧'),
  trap('pivot', `select * from ⟦s.t⟧ pivot (avg(price) for part in ('a' as x, 'b')) as p`),
  trap(
    'pivot of a subquery',
    `select * from (select a from ⟦s.t⟧) as q pivot (count(*) for a in (1, 2)) p, ⟦s.u⟧`,
  ),
  trap('unpivot', 'select * from ⟦s.t⟧ unpivot (cnt for color in (red, green)) u, ⟦s.u⟧'),
  trap(
    'unpivot include nulls',
    `select * from ⟦s.t⟧ as x unpivot include nulls (cnt for color in (red as 'r', green)) as u`,
  ),
  trap(
    'names made by a pivot are no aliases',
    `select * from ⟦s.t⟧ pivot (sum(a) as s for b in ('x' as c)) p, ⟦s.u⟧, ⟦c.v⟧, ⟦x.y⟧ unpivot (d for e in (f, g)), ⟦d.e⟧`,
  ),
  trap('minus', 'select n from ⟦a.b⟧ minus select n from ⟦a.c⟧'),
  trap('a bare name before minus', 'select n from ⟦b⟧ minus select n from ⟦c⟧'),
  trap(
    'connect by',
    'select level, prior x from ⟦a.b⟧ start with ⟦q:a.b⟧.id = 1 connect by prior ⟦q:a.b⟧.id = ⟦q:a.b⟧.parent',
  ),
  trap(
    'connect by before start with',
    'select id from ⟦a.b⟧ connect by prior id = parent start with id = 1 order by 1',
  ),
  trap(
    'rollup, cube and grouping sets',
    'select x from ⟦a.b⟧ group by rollup (⟦q:a.b⟧.x), cube (y, z), grouping sets ((⟦q:a.b⟧.x), ())',
  ),
  trap(
    'joins',
    'select 1 from ⟦s.a⟧ natural join ⟦s.b⟧ cross join ⟦s.c⟧ full outer join ⟦s.d⟧ using (x) right join ⟦s.e⟧ on ⟦q:s.e⟧.x = ⟦q:s.d⟧.x',
  ),
  trap('a star for the children', 'select n from ⟦first.cities⟧ *, ⟦a.b⟧ * c'),
  trap('temporary tables', 'select n from ⟦#cities⟧ join ⟦#shops⟧ using (id) where a # b = 1'),
  trap(
    'subqueries everywhere',
    `select (select max(n) from ⟦s.a⟧) from ⟦s.b⟧ where exists (select 1 from ⟦s.c⟧) and x in (select x from ⟦s.d⟧)
    and y = any (select y from ⟦s.e⟧) group by 1 having sum(n) > (select 1 from ⟦s.f⟧) order by (select 1 from ⟦s.g⟧)`,
  ),
  trap(
    'a subquery in a join condition',
    'select 1 from ⟦s.a⟧ join ⟦s.b⟧ on ⟦q:s.a⟧.x in (select ⟦q:s.b⟧.y from ⟦s.c⟧)',
  ),
  trap(
    'set operations in from',
    'select 1 from (select 1 from ⟦s.a⟧ intersect select 2 from ⟦s.b⟧ union all (select 3 from ⟦s.c⟧ limit 1)) u',
  ),
]

const values = [
  trap('a way into a value', 'select c.items[0].price, c.a.b.c from ⟦customers⟧ c'),
  trap('a way into the value of an alias in from', 'select o.total from ⟦customers⟧ c, c.orders o'),
  trap(
    'a way into the value of a relation in from',
    'select o.total from ⟦first.customers⟧, customers.orders o',
  ),
  trap(
    'a way that begins with a schema',
    'select o.total from ⟦first.customers⟧, ⟦q:first.customers⟧.orders o',
  ),
  trap('a way through an array in from', 'select o from ⟦customers⟧ c, c.orders[0].items o, o.parts p'),
  trap(
    'a long way in from',
    'select e from ⟦customers⟧ c, c.a.b.c.d as e, e.u.v.w.x.y f left join c.a[0].b.c[1].d g on c.p.q.r.s = 1',
  ),
  trap('a long way from a relation', 'select e from ⟦first.customers⟧, ⟦q:first.customers⟧.a.b.c as e'),
  trap(
    'a long way in an expression',
    'select ⟦q:first.cities⟧.a.b.c.d, cities.a.b."c".d[0].e, (cities.a).b.c.d.e.f, ⟦q:db.first.cities⟧.* from ⟦db.first.cities⟧',
  ),
  trap('a way behind left join', 'select o from ⟦customers⟧ c left join c.orders o on true'),
  trap('a way with a position', 'select i, e from ⟦customers⟧ c, c.orders as e at i'),
  trap(
    'a way with a position that begins with a relation',
    `select i from ⟦first.customers⟧, ⟦q:first.customers⟧.orders as o at i where o.d at time zone 'utc' > o.at`,
  ),
  trap('an unpivoted object', 'select k, v from ⟦customers⟧ c, unpivot c.obj as v at k'),
  trap('a way in a correlated subquery', 'select (select count(*) from c.orders) from ⟦customers⟧ c'),
  trap('a way out of a CTE', 'with c as (select * from ⟦first.customers⟧) select o.n from c, c.orders o'),
  trap('no way before its alias', 'select 1 from ⟦c.orders⟧ o, ⟦customers⟧ c'),
  trap('a column of an object', 'select ⟦q:first.cities⟧.obj.x.y, cities.obj[0].z from ⟦first.cities⟧'),
  trap('an object without a table', 'select obj.a.b, obj.a.b.c from ⟦first.cities⟧'),
]

const qualifiers = [
  trap('a qualified column', 'select ⟦q:first.cities⟧.n from ⟦first.cities⟧'),
  trap('a qualified column of an unqualified relation', 'select ⟦q:first.cities⟧.n, cities.id from ⟦cities⟧'),
  trap('a qualified star', 'select ⟦q:first.cities⟧.*, cities.* from ⟦first.cities⟧'),
  trap('a qualified star in count', 'select count(⟦q:first.cities⟧.n), count(*) from ⟦first.cities⟧'),
  trap('a database', 'select ⟦q:db.first.cities⟧.n, ⟦q:first.cities⟧.id from ⟦db.first.cities⟧'),
  trap(
    'two relations of one name',
    'select ⟦q:a.t⟧.id, ⟦q:b.t⟧.id from ⟦a.t⟧ join ⟦b.t⟧ on ⟦q:a.t⟧.id = ⟦q:b.t⟧.id',
  ),
  trap(
    'an outer relation',
    'select (select max(c.n) from ⟦second.cities⟧ as c where c.id = ⟦q:first.cities⟧.id) from ⟦first.cities⟧',
  ),
  trap(
    'an outer relation behind a CTE of its name',
    'select (with cities as (select 1 as n) select cities.n + ⟦q:first.cities⟧.n from cities) from ⟦first.cities⟧',
  ),
  trap(
    'a subquery in from does not see its neighbours',
    'select 1 from ⟦first.cities⟧ c, (select ⟦q:first.cities⟧.n from ⟦first.cities⟧) x',
  ),
  trap('a composite', 'select (first.cities).n from ⟦cities⟧'),
]

const writing = [
  trap('nothing between keywords and quotes', 'select"n"from⟦"first"."cities"⟧where⟦q:"first"."cities"⟧.n>0'),
  trap('white space in a name', 'select ⟦q:first\n.\t"cities"⟧ . n from ⟦first . \r\n cities⟧'),
  trap(
    'comments in a name',
    'select ⟦q:first/* a.b */./* /* */ */cities⟧/**/./**/n from ⟦first -- 😀\n.cities⟧ -- first.cities',
  ),
  trap('folded names', 'select ⟦q:FIRST."CITIES"⟧.n, Cities.n as m from ⟦First."cities"⟧'),
  trap('a doubled quote', 'select ⟦q:"mixed case"."a""b"⟧.n, "a""b".id from ⟦"mixed case"."a""b"⟧'),
  trap(
    'beyond the basic plane',
    `select '😀 first.cities', /* 😀😀 */ "größe 😀".n, ⟦q:first."größe 😀"⟧.id from ⟦first."größe 😀"⟧ -- 😀`,
  ),
  trap('an unquoted name beyond ASCII', 'select größe.n, ⟦q:maße.größe⟧.ü from ⟦maße.größe⟧'),
  trap(
    'names in strings',
    `select 'from first.cities', $$ from first.cities $$, 'it''s', 'it\\'s from a.b' from ⟦first.cities⟧ where x <> '\\\\' and y <> '''from a.b'`,
  ),
  trap(
    'a string over several lines',
    `select 'from first.cities' -- first.cities é\n ' first.cities' as a, n from ⟦first.cities⟧`,
  ),
  trap('CRLF', 'select n\r\nfrom ⟦first.cities⟧\r\nwhere n > 0 -- first.cities\r\n'),
  trap('comments within comments', 'select 1 /* from a.b /* from c.d */ from e.f */ from ⟦first.cities⟧'),
  trap(
    'operators',
    'select @ ⟦q:a.b⟧.x, |/ ⟦q:a.b⟧.y, ~ ⟦q:a.b⟧.z, ⟦q:a.b⟧.x # 2, ⟦q:a.b⟧.y || b.z from ⟦a.b⟧',
  ),
  trap('minus signs', 'select 1 - - 2, 3 --4 from a.b\n from ⟦first.cities⟧'),
  trap(
    '127 bytes',
    `select ${'é'.repeat(63)}xyz.n from ⟦first."${'é'.repeat(63)}xyz"⟧ where ⟦q:first.${'é'.repeat(63)}xx⟧.n > 0`,
  ),
]

const literals = [
  trap(
    'regclass',
    `select ⟦l:'first.cities'⟧::regclass, cast(⟦l:'cities'⟧ as regclass), regclass ⟦l:'first.cities'⟧, regclass(⟦l:'first.cities'⟧) from ⟦a.b⟧`,
  ),
  trap(
    'regclass of the system',
    `select ⟦l:'pg_class'⟧::pg_catalog.regclass, '1259'::regclass, '-'::regclass`,
  ),
  trap('regclass right after a word', `select(regclass⟦l:'"mixed case"."a""b"'⟧)::oid`),
  trap(
    'regclass of names as long as Redshift keeps them',
    `select ⟦l:'first.${'y'.repeat(127)}'⟧::regclass from ⟦first.${'y'.repeat(127)}⟧`,
  ),
  trap('regclass in dollars', 'select ⟦l:$$ First . "cities" $$⟧::regclass'),
  trap('regtype', `select ⟦l:'first.cities'⟧::regtype, 'text'::regtype, 'double precision'::regtype`),
  trap(
    'what only looks like regclass',
    `select 'first.cities'::text, 'first.cities'::varchar as regclass from ⟦a.b⟧`,
  ),
]

export const redshiftTraps = [
  ...ctes,
  ...aliases,
  ...functions,
  ...clauses,
  ...values,
  ...qualifiers,
  ...writing,
  ...literals,
]
