import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Files } from '../project.ts'
import { repositoryRoot } from '../repository-root.ts'

const root = join(repositoryRoot, 'fixtures', 'cities-redshift')

/** The views of fixtures/cities-redshift; old versions are not kept. */
export async function citiesFiles(): Promise<Files> {
  const files: Record<string, string> = { 'duro.yaml': 'engine: redshift\ndefault_schema: first\n' }
  for (const entry of await readdir(join(root, 'views'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files[path.slice(root.length + 1).replaceAll('\\', '/')] = await readFile(path, 'utf8')
  }
  return files
}

/** What the views read, each a statement. Groups, to which it grants something, may not be there. */
export async function citiesSources(): Promise<string[]> {
  const text = await readFile(join(root, 'setup', '01_sources.sql'), 'utf8')
  return text.split(/;\n/).filter((statement) => statement.trim() !== '' && !/^grant /m.test(statement))
}
