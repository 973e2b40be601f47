import type * as z from 'zod'
import { DuroError } from '../errors.ts'
import { readDotenv } from './dotenv.ts'
import { variablesOf } from './expand-variables.ts'
import { PROJECT_FILE } from './find-root.ts'
import type { ProblemList } from './problem-list.ts'
import type { DatabaseSetting, ProjectSettings } from './project.ts'
import { readText } from './read-text.ts'
import { canonicalForm } from './settings/canonical-form.ts'
import { checkShape } from './settings/check-shape.ts'
import { expandSettings } from './settings/expand-settings.ts'
import {
  projectSettingsFields,
  projectSettingsSchema,
  type ProjectSettingsFile,
} from './settings/project-settings-schema.ts'
import { MapNode, noSettings, ScalarNode, type SettingsNode } from './settings/settings-node.ts'
import { parseYamlSettings } from './settings/yaml-settings.ts'

/** duro.yaml, as far as it can be read: what is wrong in it must not hide what is wrong in the views. */
export interface LoadedProjectSettings {
  /** Null when something is wrong, which is reported. */
  settings: ProjectSettings | null
  /** The folder of views, relative to the project's root; null when that cannot be known. */
  views: string | null
  stateSchema: string
  /** The weakest layer of every view's settings; null when it cannot be known. */
  defaults: MapNode | null
}

const STATE_SCHEMA = 'duro'
const DAY = 24 * 60 * 60 * 1000

export function loadProjectSettings(
  root: string,
  env: NodeJS.ProcessEnv,
  problems: ProblemList,
): LoadedProjectSettings {
  const text = readText(root, PROJECT_FILE, problems)
  const parsed = text === null ? null : parseYamlSettings(PROJECT_FILE, text, problems)
  if (parsed === null) return { settings: null, views: null, stateSchema: STATE_SCHEMA, defaults: null }
  const variables = variablesOf(env, loadDotenv(root, problems))
  const tree = expandSettings(canonicalForm(parsed), variables, problems)
  const file = checkShape(projectSettingsSchema, tree, problems)
  const { views, state_schema: stateSchema } = projectSettingsFields
  const defaults = tree.get('defaults')
  return {
    settings: file && { ...withDefaults(file), database: databaseSetting(tree) },
    views: valueOf(views, tree.get('views'), 'views'),
    stateSchema: valueOf(stateSchema, tree.get('state_schema'), STATE_SCHEMA),
    defaults: defaults instanceof MapNode ? defaults : noSettings(PROJECT_FILE),
  }
}

/** One value, whatever is wrong around it. */
function valueOf<T>(
  schema: z.ZodType<T>,
  node: SettingsNode | undefined,
  fallback: NonNullable<T>,
): NonNullable<T> {
  const result = schema.safeParse(node)
  return (result.success ? result.data : null) ?? fallback
}

function withDefaults(file: ProjectSettingsFile): Omit<ProjectSettings, 'database'> {
  return {
    engine: file.engine ?? null,
    defaultSchema: [...new Set([...(file.default_schema ?? []), 'public'])],
    stateSchema: file.state_schema ?? STATE_SCHEMA,
    defaultInterval: file.default_interval ?? null,
    concurrency: file.concurrency ?? 4,
    oneInstant: file.one_instant ?? true,
    fillTables: file.fill_tables ?? 'copy',
    timeout: file.timeout ?? null,
    keepPrevious: file.keep_previous ?? false,
    historyStoredFor: file.history_stored_for ?? 90 * DAY,
    s3: file.s3 ?? null,
    iam: file.iam ?? null,
    swap: { giveUpAfter: file.swap?.give_up_after ?? 10 * 60 * 1000 },
  }
}

function databaseSetting(tree: MapNode): DatabaseSetting | null {
  const node = tree.get('database')
  return node instanceof ScalarNode && node.value !== null ? { text: node.text, ...node.place } : null
}

function loadDotenv(root: string, problems: ProblemList): Record<string, string> {
  try {
    return readDotenv(root)
  } catch (error) {
    if (!(error instanceof DuroError)) throw error
    problems.add({ file: '.env' }, error.message)
    return {}
  }
}
