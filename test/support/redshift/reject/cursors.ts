import { Rejection } from '../rejection.ts'
import { matches, type Token } from '../sql/token.ts'

/** On a cluster of a single node. */
const most = 1000

/** `fetch all`, and more rows at once than a cluster of a single node gives. */
export function checkCursors(tokens: readonly Token[]): void {
  if (!matches(tokens, 0, 'fetch')) return
  const count = tokens[matches(tokens, 1, 'forward') ? 2 : 1]
  const isTooMuch = count?.value === 'all' || Number(count?.value) > most
  if (isTooMuch) {
    throw new Rejection(
      '0A000',
      `Fetch size ${count?.value ?? ''} exceeds the limit of ${most} for a single node`,
    )
  }
}
