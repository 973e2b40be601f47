import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findProjectRoot } from '../../../src/project/find-root.ts'
import { writeProject } from '../../support/project.ts'

test('the nearest folder upwards with a duro.yaml', async () => {
  const project = await writeProject({ 'inner/duro.yaml': '', 'views/first/a.sql': '' })
  await mkdir(project.file('inner/deep/deeper'), { recursive: true })
  expect(findProjectRoot(project.file('inner/deep/deeper'))).toBe(project.file('inner'))
  expect(findProjectRoot(project.file('views/first'))).toBe(project.root)
  expect(findProjectRoot(project.root)).toBe(project.root)
  await project.cleanup()
})

test('without any, the way to begin is named', async () => {
  const project = await writeProject({ 'a.txt': '' })
  await project.update({ 'duro.yaml': null })
  expect(() => findProjectRoot(project.root)).toThrow(
    expect.objectContaining({
      code: 'project',
      message: `no duro.yaml in ${project.root} or in a folder above it`,
      hint: 'Change to the folder of a project, or begin one with `duro init`.',
    }),
  )
  await project.update({ 'duro.yml': '' })
  expect(() => findProjectRoot(project.root)).toThrow(`${join(project.root, 'duro.yml')} is not read`)
  await project.cleanup()
})
