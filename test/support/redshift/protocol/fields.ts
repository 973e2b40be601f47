import { BodyReader, frame, text } from './frames.ts'

/** The fields of an error or a notice by their letters: S severity, C SQLSTATE, M message, P position, W context… */
export type Fields = Map<string, string>

export function readFields(body: Buffer): Fields {
  const reader = new BodyReader(body)
  const fields: Fields = new Map()
  while (!reader.isAtEnd) {
    const letter = reader.byte()
    if (letter === '\0') break
    fields.set(letter, reader.text())
  }
  return fields
}

/** @param type `E` for an error, `N` for a notice */
export function fieldsFrame(type: 'E' | 'N', fields: Fields): Buffer {
  const parts = [...fields].map(([letter, value]) =>
    Buffer.concat([Buffer.from(letter, 'latin1'), text(value)]),
  )
  return frame(type, Buffer.concat([...parts, Buffer.from([0])]))
}

export function fatalError(sqlstate: string, message: string): Buffer {
  return fieldsFrame(
    'E',
    new Map([
      ['S', 'FATAL'],
      ['C', sqlstate],
      ['M', message],
    ]),
  )
}
