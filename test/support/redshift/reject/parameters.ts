import { syntaxError } from '../rejection.ts'
import type { Token } from '../sql/token.ts'

const WITH_PARAMETERS = new Set([
  'select',
  'insert',
  'update',
  'delete',
  'with',
  'merge',
  'explain',
  'declare',
  '(',
  'call',
  'prepare',
  'execute',
])

/** A statement that defines, copies or unloads takes no `$1`. */
export function checkParameters(tokens: readonly Token[]): void {
  if (WITH_PARAMETERS.has(tokens[0]?.value ?? '')) return
  const parameter = tokens.find((token) => token.kind === 'parameter')
  if (parameter !== undefined) throw syntaxError(parameter)
}
