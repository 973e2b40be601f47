/** The files of `duro init`: a project that needs no sources, with one of everything that most projects have. */
export const firstProject: Readonly<Record<string, string>> = {
  'duro.yaml': `# Where the views live: a local PostgreSQL of its own, kept in .duro/, or the URL of yours,
# such as postgres://me:\${DB_PASSWORD}@db.example.com/shop.
database: embedded
`,
  'views/shop/orders.sql': `-- The view shop.orders, in the place of a table of yours. It may be as old as shop.cities, which reads it.
select
  id,
  date '2026-01-01' + id % 90 as ordered_on,
  (array['Lima', 'Oslo', 'Pune'])[1 + id % 3] as city,
  5 + id * 37 % 400 * 0.1 as amount
from generate_series(1, 1000) as id
`,
  'views/shop/cities — 24h.sql': `-- The view shop.cities, at most 24 hours old. duro finds out by itself that it reads shop.orders.
select city, count(*) as orders, sum(amount) as revenue
from shop.orders
group by city
`,
  'views/shop/cities_test.sql': `-- Every value must be true before shop.cities is published.
select count(*) = 3 as has_every_city, min(revenue) > 0 as everybody_pays
from shop.cities
`,
  'views/shop/cities.yaml': `indexes:
  - { columns: [city], unique: true }
totals:
  revenue: sum(revenue)
limits:
  revenue: { max_decrease: 20% }
tests:
  not_null: [city, revenue]
`,
}
