import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PROJECT_FILE } from './find-root.ts'
import { compareText, type ProblemList } from './problem-list.ts'
import { describeFileError } from './read-text.ts'

/** A file below the folder of views. */
export interface FoundFile {
  /** Path relative to the project's root, with `/`, as the disk spells it. */
  path: string
  /** The folders between the folder of views and the file; none in the flat layout. */
  folders: readonly string[]
  name: string
}

/** Every file that is not hidden, in the order of the paths; what cannot be opened is reported. */
export async function findFiles(root: string, views: string, problems: ProblemList): Promise<FoundFile[]> {
  const found: FoundFile[] = []
  await walk(root, views, [], found, problems)
  return found.toSorted((a, b) => compareText(a.path, b.path))
}

async function walk(
  root: string,
  folder: string,
  folders: readonly string[],
  found: FoundFile[],
  problems: ProblemList,
): Promise<void> {
  for (const entry of await readFolder(root, folder, problems)) {
    if (entry.name.startsWith('.')) continue
    // `views: .` makes the root itself the folder of views.
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
    if (path === PROJECT_FILE) continue
    if (await isFolder(root, path, entry, folders.length)) {
      if (looksLikeFile(entry.name)) problems.add({ file: path }, 'is a folder, not a file')
      else await walk(root, path, [...folders, entry.name], found, problems)
    } else {
      found.push({ path, folders, name: entry.name })
    }
  }
}

async function readFolder(root: string, folder: string, problems: ProblemList): Promise<Dirent[]> {
  try {
    return await readdir(join(root, folder), { withFileTypes: true })
  } catch (error) {
    problems.add({ file: folder }, `cannot be read: ${describeFileError(error)}`)
    return []
  }
}

async function isFolder(root: string, path: string, entry: Dirent, depth: number): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  // A linked folder may be a schema; deeper down nothing is loaded, and links could lead in a circle.
  if (depth > 0) return false
  try {
    return (await stat(join(root, path))).isDirectory()
  } catch {
    return false
  }
}

function looksLikeFile(name: string): boolean {
  return /\.(sql|conf|ya?ml)$/.test(name)
}
