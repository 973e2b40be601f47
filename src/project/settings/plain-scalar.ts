import { parseDocument, isScalar } from 'yaml'
import type { Place } from '../place.ts'
import { further } from '../place.ts'
import { ScalarNode } from './settings-node.ts'

/**
 * A value outside YAML's grammar, in a `.conf` file or between the commas of a list, typed as YAML would type it:
 * `5` is a number, `'5'` text. What is not a YAML scalar, such as `@a` or `a: b`, is text.
 */
export function plainScalar(text: string, place: Place): ScalarNode {
  const first = text.charAt(0)
  const quoted = (first === '"' || first === "'") && text.length > 1 && text.endsWith(first)
  if (!quoted && !/^[\w.+~-]*$/.test(text)) return new ScalarNode(text, text, place, false)
  const { contents, errors } = parseDocument(text, { prettyErrors: false })
  if (text === '') return new ScalarNode(null, text, place, false)
  if (errors.length > 0 || !isScalar(contents)) return new ScalarNode(text, text, place, false)
  const { value } = contents
  if (typeof value === 'string')
    return new ScalarNode(value, value, quoted ? further(place, 1) : place, quoted)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) {
    return new ScalarNode(value, text, place, false)
  }
  return new ScalarNode(text, text, place, false)
}
