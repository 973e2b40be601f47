/** One message of a client, as it stood on the wire. */
export interface FrontendMessage {
  /** `Q`, `P`, `E`, … as the protocol names it; `startup` for the untyped ones that open a connection. */
  type: string
  /** Whole, with type and length. */
  bytes: Buffer
}

/** Cuts a client's stream into messages. Without TLS, which test servers do not use. */
export function createFrontendSplitter(): (chunk: Buffer) => FrontendMessage[] {
  let pending = Buffer.alloc(0)
  let started = false
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    const messages: FrontendMessage[] = []
    for (;;) {
      const head = started ? 1 : 0
      if (pending.length < head + 4) return messages
      const length = head + pending.readInt32BE(head)
      if (pending.length < length) return messages
      const type = started ? String.fromCharCode(pending.readUInt8(0)) : 'startup'
      messages.push({ type, bytes: pending.subarray(0, length) })
      pending = pending.subarray(length)
      started = true
    }
  }
}

/** The SQL that a message carries, of those that carry some. */
export function sqlOf({ type, bytes }: FrontendMessage): string | null {
  if (type === 'Q') return bytes.toString('utf8', 5, bytes.length - 1)
  if (type !== 'P') return null
  const text = bytes.indexOf(0, 5) + 1
  return bytes.toString('utf8', text, bytes.indexOf(0, text))
}

/** The parameters of a connection's first message, such as `application_name`. */
export function startupParameters({ bytes }: FrontendMessage): Map<string, string> {
  const words = bytes.toString('utf8', 8).split('\0')
  const parameters = new Map<string, string>()
  for (let at = 0; at + 1 < words.length; at += 2) parameters.set(words[at] ?? '', words[at + 1] ?? '')
  return parameters
}
