/** Keeps the end of what a program prints, however much that is. */
export interface OutputTail {
  add: (chunk: Uint8Array) => void
  /** Whole lines, the last ones. */
  text: () => string
}

const bytes = 8192
const lines = 20

export function createOutputTail(): OutputTail {
  let kept = Buffer.alloc(0)
  let isCut = false
  return {
    add(chunk) {
      const all = Buffer.concat([kept, chunk.subarray(-bytes)])
      isCut ||= chunk.length > bytes || all.length > bytes
      kept = all.subarray(-bytes)
    },
    text() {
      const printed = kept.toString('utf8').trimEnd().split(/\r?\n/)
      // The first line may have lost its beginning.
      if (isCut && printed.length > 1) printed.shift()
      const shown = printed.slice(-lines)
      return (isCut || shown.length < printed.length ? ['…', ...shown] : shown).join('\n')
    },
  }
}
