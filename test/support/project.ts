import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { makeTemporaryFolder } from './temporary-folder.ts'

/** Paths relative to the project's root, with `/`, to what the files hold; null for a file that is to go. */
export type Files = Readonly<Record<string, string | null>>

export interface TestProject {
  /** The folder with duro.yaml. */
  root: string
  /** The absolute path of a file. */
  file(path: string): string
  read(path: string): Promise<string>
  /** Writes, overwrites and removes files. */
  update(files: Files): Promise<void>
  cleanup(): Promise<void>
}

/** Writes a project into a new folder. An empty duro.yaml is added where none is given. */
export async function writeProject(files: Files): Promise<TestProject> {
  const root = await makeTemporaryFolder('project')
  const file = (path: string): string => join(root, ...path.split('/'))
  const project: TestProject = {
    root,
    file,
    read: (path) => readFile(file(path), 'utf8'),
    update: async (changes) => {
      for (const [path, text] of Object.entries(changes)) await writeOrRemove(file(path), text)
    },
    cleanup: () => rm(root, { recursive: true, force: true }),
  }
  await project.update({ 'duro.yaml': '', ...files })
  return project
}

async function writeOrRemove(path: string, text: string | null): Promise<void> {
  if (text === null) {
    await rm(path)
    return
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
