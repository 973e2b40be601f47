import { isAlias, isMap, isScalar, isSeq, parseDocument, type Scalar } from 'yaml'
import type { Document, ParsedNode, YAMLMap } from 'yaml'
import { placeAt, type Place } from '../place.ts'
import type { ProblemList } from '../problem-list.ts'
import { ListNode, MapNode, ScalarNode, type MapEntry, type SettingsNode } from './settings-node.ts'

/** Text that is read as YAML: a whole file, or a value in a `.conf` file. */
interface YamlSource {
  file: string
  /** The whole file. */
  text: string
  /** The part of it that is YAML. */
  start: number
  end: number
}

/** A settings file in YAML as a tree; null when it cannot be read, which is reported. An empty file is an empty map. */
export function parseYamlSettings(file: string, text: string, problems: ProblemList): MapNode | null {
  const start = { file, line: 1, column: 1 }
  const node = parseYamlValue({ file, text, start: 0, end: text.length }, problems)
  if (node === null) return null
  if (node instanceof MapNode) return node
  if (node instanceof ScalarNode && node.value === null) return new MapNode(new Map(), start)
  problems.add(node.place, 'settings are keys and values, such as "interval: 1h"')
  return null
}

/** Null when the text is not YAML, which is reported. */
export function parseYamlValue(source: YamlSource, problems: ProblemList): SettingsNode | null {
  const document = parseDocument(source.text.slice(source.start, source.end), { prettyErrors: false })
  const before = problems.size
  const reader = new NodeReader(source, problems)
  reader.reportErrors(document)
  if (problems.size > before) return null
  const node = reader.read(document.contents)
  return problems.size > before ? null : node
}

const SECOND_HINT = 'Take the line away, or write the other settings into a file of their own.'

class NodeReader {
  readonly #source: YamlSource
  readonly #problems: ProblemList

  constructor(source: YamlSource, problems: ProblemList) {
    this.#source = source
    this.#problems = problems
  }

  reportErrors(document: Document.Parsed): void {
    const { text, start } = this.#source
    for (const error of [...document.errors, ...document.warnings]) {
      const [from, to] = error.pos
      if (error.code === 'MULTIPLE_DOCS') {
        this.#problems.add(
          this.#placeAt(from),
          'a second document begins here, and settings are one',
          SECOND_HINT,
        )
        continue
      }
      const duplicate = error.code === 'DUPLICATE_KEY'
      const key = /^[^\s:,}]*/.exec(text.slice(start + from, start + to + 63))?.[0]
      this.#problems.add(this.#placeAt(from), duplicate ? `${key} is set twice` : error.message)
    }
  }

  read(node: ParsedNode | null): SettingsNode {
    if (node === null) return new ScalarNode(null, '', this.#placeAt(0), false)
    const place = this.#placeAt(node.range[0])
    if (isScalar(node)) return this.#readScalar(node)
    if (isSeq(node)) {
      return new ListNode(
        node.items.map((item) => this.read(item)),
        place,
      )
    }
    if (isMap(node)) return this.#readMap(node, place)
    if (isAlias(node)) this.#problems.add(place, 'aliases are not read in settings', 'Write the value out.')
    return new ScalarNode(null, '', place, false)
  }

  #readMap(node: YAMLMap.Parsed, place: Place): MapNode {
    const entries = new Map<string, MapEntry>()
    for (const { key, value } of node.items) {
      const keyNode = this.read(key)
      if (keyNode instanceof ScalarNode) {
        // A key without a value, as in `{ a, b }`, has no node at all.
        const valueNode = value === null ? new ScalarNode(null, '', keyNode.place, false) : this.read(value)
        entries.set(keyNode.text, { keyPlace: keyNode.place, node: valueNode })
      } else {
        this.#problems.add(keyNode.place, 'a key must be text')
      }
    }
    return new MapNode(entries, place)
  }

  #readScalar(node: Scalar.Parsed): ScalarNode {
    const [start, end] = node.range
    const quoted = node.type !== 'PLAIN'
    // The place of the text itself, so that a list in it or a `${VAR}` can be pointed at.
    const written = this.#source.text.slice(this.#source.start + start, this.#source.start + end)
    const place = this.#placeAt(start + (written.startsWith('"') || written.startsWith("'") ? 1 : 0))
    if (typeof node.value === 'string') return new ScalarNode(node.value, node.value, place, quoted)
    return new ScalarNode(scalarValue(node.value, node.source), node.source, place, quoted)
  }

  #placeAt(offset: number): Place {
    return placeAt(this.#source.file, this.#source.text, this.#source.start + offset)
  }
}

/** Anything else, such as what a tag makes, is taken as it was written. */
function scalarValue(value: unknown, written: string): string | number | boolean | null {
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : written
}
