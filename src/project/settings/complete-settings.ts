import type { EngineName } from '../../sql/engine-name.ts'
import { foldIdentifier } from '../../sql/identifiers.ts'
import type { DeclaredTest, IndexSettings, SortKey, TotalLimits, ViewSettings } from '../view-settings.ts'
import type { ViewSettingsLayer } from './view-settings-schema.ts'

/** The settings of a view once nothing more can override them: what is not said has its default. */
export function completeSettings(merged: ViewSettingsLayer, engine: EngineName): ViewSettings {
  // Names of relations as the server has them: Redshift folds those that are quoted, too.
  const asKept = engine === 'redshift' ? foldIdentifier : (name: string) => name
  return {
    interval: merged.interval ?? null,
    materialized: merged.materialized ?? (engine === 'redshift' ? 'table' : 'view'),
    grantSelect: merged.grant_select ?? null,
    indexes: (merged.indexes ?? []).map(indexSettings),
    totals: withoutNull(merged.totals),
    limits: limitSettings(merged),
    tests: declaredTests(merged.tests ?? {}, asKept),
    tags: merged.tags ?? [],
    dependsOn: (merged.depends_on ?? []).map(asKept),
    description: merged.description ?? null,
    columns: withoutNull(merged.columns),
    timeout: merged.timeout ?? null,
    snapshotsInterval: merged.snapshots_interval ?? null,
    snapshotsStoredFor: merged.snapshots_stored_for ?? null,
    distkey: merged.distkey ?? null,
    diststyle: merged.diststyle ?? null,
    sortkey: sortKey(merged.sortkey),
    backup: merged.backup ?? true,
    processor: merged.processor ?? null,
    import: merged.import ?? null,
    env: merged.env ?? [],
  }
}

function sortKey(sortkey: ViewSettingsLayer['sortkey']): SortKey | null {
  if (sortkey?.compound) return { kind: 'compound', columns: sortkey.compound }
  return sortkey?.interleaved ? { kind: 'interleaved', columns: sortkey.interleaved } : null
}

type Index = NonNullable<ViewSettingsLayer['indexes']>[number]

function indexSettings(index: Index): IndexSettings {
  return {
    columns: index.columns,
    unique: index.unique ?? false,
    include: index.include ?? [],
    where: index.where ?? null,
    method: index.method ?? null,
    name: index.name ?? null,
  }
}

/** A limit that is inherited from a layer for many views holds for those that have its total. */
function limitSettings({ limits, totals }: ViewSettingsLayer): Record<string, TotalLimits> {
  const result: Record<string, TotalLimits> = {}
  for (const [name, limit] of Object.entries(withoutNull(limits))) {
    if (name !== 'rows' && !Object.hasOwn(totals ?? {}, name)) continue
    result[name] = { maxDecrease: limit.max_decrease ?? null, maxIncrease: limit.max_increase ?? null }
  }
  return result
}

function declaredTests(
  tests: NonNullable<ViewSettingsLayer['tests']>,
  asKept: (name: string) => string,
): DeclaredTest[] {
  return [
    ...(tests.not_null ?? []).map((column) => ({ kind: 'not_null' as const, column })),
    ...(tests.unique ?? []).map((columns) => ({ kind: 'unique' as const, columns })),
    ...Object.entries(withoutNull(tests.accepted_values)).map(([column, values]) => ({
      kind: 'accepted_values' as const,
      column,
      values,
    })),
    ...(tests.relationships ?? []).map((test) => ({
      kind: 'relationships' as const,
      ...test,
      to: asKept(test.to),
    })),
  ]
}

function withoutNull<T>(
  record: Readonly<Record<string, T | null | undefined>> | null | undefined,
): Record<string, T> {
  const result: Record<string, T> = {}
  for (const [key, value] of Object.entries(record ?? {})) {
    if (value !== null && value !== undefined) result[key] = value
  }
  return result
}
