import { readFileSync } from 'node:fs'

/** Of this program, from its package.json: two folders up from src/cli as from dist/cli. */
export const version: string = readVersion()

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const parsed: unknown = JSON.parse(text)
  const found = typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : null
  return typeof found === 'string' ? found : '0.0.0'
}
