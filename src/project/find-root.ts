import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DuroError } from '../errors.ts'

/** The settings of a project; the folder that holds it is the project's root. */
export const PROJECT_FILE = 'duro.yaml'

/** The nearest folder, from here upwards, with a duro.yaml. */
export function findProjectRoot(from: string): string {
  let folder = resolve(from)
  for (;;) {
    if (existsSync(join(folder, PROJECT_FILE))) return folder
    if (existsSync(join(folder, 'duro.yml'))) throw misnamed(folder)
    const parent = dirname(folder)
    if (parent === folder) throw missing(resolve(from))
    folder = parent
  }
}

function missing(from: string): DuroError {
  return new DuroError('project', `no ${PROJECT_FILE} in ${from} or in a folder above it`, {
    hint: 'Change to the folder of a project, or begin one with `duro init`.',
  })
}

function misnamed(folder: string): DuroError {
  return new DuroError('project', `${join(folder, 'duro.yml')} is not read`, {
    hint: `Rename it to ${PROJECT_FILE}.`,
  })
}
