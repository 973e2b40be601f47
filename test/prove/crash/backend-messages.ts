/** What the proxy has to know of a server's answers. */
export interface BackendListener {
  /** The process that serves the connection. */
  onProcess: (pid: number) => void
  /** The server has done what it was told, and waits: for the next statement, or for the rows of a copy. */
  onReady: () => void
}

/** Follows a server's stream, message by message. */
export function createBackendReader({ onProcess, onReady }: BackendListener): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0)
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 5) {
      const length = 1 + pending.readInt32BE(1)
      if (pending.length < length) return
      const type = String.fromCharCode(pending.readUInt8(0))
      if (type === 'K') onProcess(pending.readInt32BE(5))
      if (type === 'Z' || type === 'G') onReady()
      pending = pending.subarray(length)
    }
  }
}
