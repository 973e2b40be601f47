import type { Token } from '../sql/token.ts'
import type { Step } from './step.ts'

export function createTable(tokens: readonly Token[]): Step[] | null {
  void tokens
  return null
}
