import { expect, test } from 'vitest'
import { loadClient } from '../../../src/aws/load-client.ts'

const absent = '@aws-sdk/client-of-nothing'

test('a package that is not installed is named, with what installs it', async () => {
  await expect(loadClient([absent], () => import(absent))).rejects.toMatchObject({
    code: 'usage',
    message: '@aws-sdk/client-of-nothing is not installed',
    hint: 'Install it where duro is installed: npm install @aws-sdk/client-of-nothing',
  })
})

test('what else goes wrong in loading it stays as it is', async () => {
  const failure = new SyntaxError('broken')
  await expect(loadClient([absent], () => Promise.reject(failure))).rejects.toBe(failure)
})
