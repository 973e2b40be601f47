import * as z from 'zod'

/**
 * What the settings said at a publication, so that what they no longer say can be taken away at the next; and what the
 * build took over, so that what was changed meanwhile shows at the swap.
 */
export interface Declared {
  grantSelect: readonly string[]
  /** Names of the indexes that the settings made, or the view's own `create table`. */
  indexes: readonly string[]
  /** Those of them that the settings call so. */
  namedIndexes: readonly string[]
  description: boolean
  /** The columns that the settings described, or the view's own `create table`. */
  columns: readonly string[]
  /** What the `create table` of a view with a feed brought; all else on such a table was made by hand. */
  table: DeclaredTable
  /** Null: not known, or nothing that could have changed. */
  takenOver: TakenOver | null
  /** Object id of the table that duro did not make and that this version was allowed to replace. */
  replaces: number | null
}

/** What a build has found on the live version and taken over: what it is, and a hash of how it was. */
export interface TakenOver {
  /** By what it is, in words: `constraint positive`. */
  aspects: Readonly<Record<string, string>>
  /** Indexes and statistics objects, by name. */
  indexes: Readonly<Record<string, string>>
  statistics: Readonly<Record<string, string>>
}

export interface DeclaredTable {
  /** Names of constraints. */
  constraints: readonly string[]
  /** Columns that are not null, and those that make their values themselves: by a default, or as an identity. */
  notNull: readonly string[]
  defaults: readonly string[]
  /** Names of statistics objects, which `like` brings. */
  statistics: readonly string[]
}

export const nothingDeclared: DeclaredTable = { constraints: [], notNull: [], defaults: [], statistics: [] }

/** Of a version that duro did not make. */
export const undeclared: Declared = {
  grantSelect: [],
  indexes: [],
  namedIndexes: [],
  description: false,
  columns: [],
  table: nothingDeclared,
  takenOver: null,
  replaces: null,
}

const hashes = z.record(z.string(), z.string())

const shape = z.object({
  grantSelect: z.array(z.string()),
  indexes: z.array(z.string()),
  namedIndexes: z.array(z.string()).default([]),
  description: z.boolean(),
  columns: z.array(z.string()).default([]),
  table: z
    .object({
      constraints: z.array(z.string()),
      notNull: z.array(z.string()),
      defaults: z.array(z.string()),
      statistics: z.array(z.string()).default([]),
    })
    .default({ constraints: [], notNull: [], defaults: [], statistics: [] }),
  takenOver: z.object({ aspects: hashes, indexes: hashes, statistics: hashes }).nullable().default(null),
  replaces: z.number().nullable().default(null),
})

/**
 * As the state tables keep it: whole, or less where it does not fit. What is left out is not taken away later, when the
 * settings no longer say it; a reader's right would be, so the columns go before it. First goes what matters to one
 * swap only.
 */
export function formatDeclared(declared: Declared, fits: (text: string) => boolean): string {
  const lasting = { ...declared, takenOver: null }
  const shorter: Declared[] = [
    declared,
    lasting,
    { ...lasting, columns: [] },
    { ...lasting, columns: [], grantSelect: [], indexes: [], namedIndexes: [], table: nothingDeclared },
  ]
  const texts = shorter.map((each) => JSON.stringify(each))
  return texts.find(fits) ?? JSON.stringify(shorter.at(-1))
}

/** @param text as the state tables keep it: JSON, null where nothing was written */
export function parseDeclared(text: string | null): Declared | null {
  if (text === null) return null
  const parsed = shape.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : null
}
