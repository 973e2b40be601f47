/** One message of the PostgreSQL protocol: its type and what follows the length. */
export interface Frame {
  type: string
  body: Buffer
}

/** Cuts a stream of bytes into messages. The first packet of a client has no type; it is read apart. */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0)

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
  }

  /** The next message, or null when it has not come whole. */
  next(): Frame | null {
    if (this.#bytes.length < 5) return null
    const length = this.#bytes.readInt32BE(1)
    if (this.#bytes.length < length + 1) return null
    const read = {
      type: String.fromCharCode(this.#bytes.readUInt8(0)),
      body: this.#bytes.subarray(5, length + 1),
    }
    this.#bytes = this.#bytes.subarray(length + 1)
    return read
  }

  /** The next packet without a type: what a client begins with. */
  nextUntyped(): Buffer | null {
    if (this.#bytes.length < 4) return null
    const length = this.#bytes.readInt32BE(0)
    if (this.#bytes.length < length) return null
    const body = this.#bytes.subarray(4, length)
    this.#bytes = this.#bytes.subarray(length)
    return body
  }
}

export function frame(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

export function untyped(body: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeInt32BE(body.length + 4, 0)
  return Buffer.concat([head, body])
}

/** Text as the protocol has it: it ends with a zero. */
export function text(value: string): Buffer {
  return Buffer.from(`${value}\0`, 'utf8')
}

/** Reads texts, numbers and bytes from the body of a message, one after the other. */
export class BodyReader {
  #at = 0
  readonly body: Buffer

  constructor(body: Buffer) {
    this.body = body
  }

  text(): string {
    const end = this.body.indexOf(0, this.#at)
    const value = this.body.toString('utf8', this.#at, end)
    this.#at = end + 1
    return value
  }

  byte(): string {
    return String.fromCharCode(this.body.readUInt8(this.#at++))
  }

  rest(): Buffer {
    return this.body.subarray(this.#at)
  }

  get isAtEnd(): boolean {
    return this.#at >= this.body.length
  }
}
