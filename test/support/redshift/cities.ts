import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Files } from '../project.ts'
import { repositoryRoot } from '../repository-root.ts'

const root = join(repositoryRoot, 'fixtures', 'cities')

/**
 * The views of fixtures/cities as they are written for Redshift: `raw` is a reserved word there, nothing is indexed, and
 * a select without columns is none.
 */
export async function citiesFiles(): Promise<Files> {
  const files: Record<string, string> = { 'duro.yaml': await readFile(join(root, 'duro.yaml'), 'utf8') }
  for (const entry of await readdir(join(root, 'views'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files[path.slice(root.length + 1).replaceAll('\\', '/')] = forRedshift(await readFile(path, 'utf8'))
  }
  return files
}

const forRedshift = (text: string): string =>
  text
    .replaceAll(/\braw\./g, 'source.')
    .replaceAll('(select from ', '(select 1 from ')
    .replaceAll(/^indexes:\n(?: {2}.*\n)+/gm, '')
    .replaceAll(/^indexes =.*\n/gm, '')
    .replaceAll(/cities_(reader|analyst)/g, 'group cities_$1')

/** What the views read, each a statement. */
export const citiesSources: readonly string[] = [
  'create schema source',
  'create schema first',
  'create schema second',
  'create table source.countries (code varchar(2), name varchar(100) not null, local_name varchar(100))',
  'create table source.cities (id integer, name varchar(100) not null, country varchar(2), inhabitants integer, founded integer)',
  'create table source.shops (id integer, city integer not null, name varchar(100) not null, opened_on date, closed_on date)',
  'create table source.people (id integer, shop integer, name varchar(100) not null, born_on date, salary numeric(10, 2))',
  `insert into source.countries values
     ('CH', 'Switzerland', 'Schweiz'), ('IS', 'Iceland', 'Ísland'), ('JP', 'Japan', '日本'), ('SG', 'Singapore', null)`,
  `insert into source.cities values
     (1, 'Zürich', 'CH', 443000, null), (2, 'Genève', 'CH', 204000, null), (3, 'Reykjavík', 'IS', 140000, 1786),
     (4, '京都', 'JP', 1440000, 794), (5, 'Singapore', 'SG', 5900000, 1819), (6, 'Atlantis', 'IS', null, null)`,
  `insert into source.shops values
     (1, 1, 'Bakery', '2015-03-01', null), (2, 2, 'Books', '2016-03-01', null), (3, 3, 'Fish & Chips', '2017-03-01', null),
     (4, 4, 'O''Neill''s', '2018-03-01', null), (5, 5, 'Käserei', '2019-03-01', '2023-01-01')`,
  `insert into source.people values
     (1, 1, 'Ada', '1990-01-01', 5000), (2, 1, 'Bob', '2001-02-03', 4000.5), (3, 2, 'Eve', '2003-04-05', null),
     (4, null, 'Joan', null, 3000), (5, 4, 'Kim', '1970-12-31', 6000.25)`,
]
