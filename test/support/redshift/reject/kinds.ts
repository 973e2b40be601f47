import { syntaxError } from '../rejection.ts'
import { matches, type Token } from '../sql/token.ts'

const KINDS = new Set(
  `abort alter analyze begin call cancel close comment commit copy create deallocate declare delete drop end execute
   explain fetch grant insert lock merge prepare refresh reset revoke rollback select set show start truncate unload
   update vacuum with (`.split(/\s+/),
)

const CREATED = `table, temp table, temporary table, local temp table, local temporary table, view, or replace view,
  materialized view, schema, database, user, group, role, function, or replace function, procedure,
  or replace procedure`

const ALTERED = 'table, schema, user, group, role, database, default privileges, materialized view, procedure'

const DROPPED = 'table, view, materialized view, schema, database, user, group, role, function, procedure'

const OBJECTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  create: phrases(CREATED),
  alter: phrases(ALTERED),
  drop: phrases(DROPPED),
}

/** Statements that Redshift's grammar does not have, such as `do`, `listen`, `savepoint`, `create index`. */
export function checkKind(tokens: readonly Token[]): void {
  const [first] = tokens
  if (first === undefined || first.kind === 'quoted' || !KINDS.has(first.value)) throw syntaxError(first)
  const objects = OBJECTS[first.value]
  if (objects !== undefined && !objects.some((words) => matches(tokens, 1, ...words))) {
    throw syntaxError(tokens[matches(tokens, 1, 'or', 'replace') ? 3 : 1])
  }
  const unknown = [
    [['rollback', 'to'], 1],
    [['rollback', 'work', 'to'], 2],
    [['rollback', 'transaction', 'to'], 2],
    [['prepare', 'transaction'], 1],
    [['commit', 'and'], 1],
    [['commit', 'prepared'], 1],
    [['explain', '('], 1],
    [['explain', 'analyze'], 1],
    [['vacuum', '('], 1],
    [['vacuum', 'analyze'], 1],
    [['vacuum', 'verbose'], 1],
    [['analyze', '('], 1],
    [['refresh', 'materialized', 'view', 'concurrently'], 3],
    [['lock', 'table', 'only'], 2],
    [['lock', 'only'], 1],
    [['alter', 'table', 'if'], 2],
    [['alter', 'table', 'only'], 2],
  ] as const
  for (const [words, at] of unknown) if (matches(tokens, 0, ...words)) throw syntaxError(tokens[at])
}

function phrases(list: string): string[][] {
  return list.split(',').map((phrase) => phrase.trim().split(/\s+/))
}
