import { DuroError } from '../../errors.ts'

const [nul, lf, cr, quote, comma] = [0x00, 0x0a, 0x0d, 0x22, 0x2c]

type State =
  | 'start' // of a field
  | 'bare' // in a field, outside quotes
  | 'quoted' // in a field, within quotes
  | 'quote' // behind a quote within quotes: the end of the quotes, or the first of two
type Ending = 'lf' | 'crlf' | 'cr'

/**
 * Reads CSV as `copy … (format csv)` of PostgreSQL does, and writes what Redshift reads in the same way: every text in
 * quotes, for white space around quotes would be lost and `""` and nothing at all are one there; for null a text that no
 * value is; lines end in a line feed. The first line, with the names, is left out.
 */
export class CsvRewriter {
  readonly #null: Buffer
  readonly #failed: string
  #state: State = 'start'
  #inHeader = true
  #atLineStart = true
  /** A carriage return was read, and not yet what follows. */
  #afterReturn = false
  /** How the first line ends, and so all do. */
  #ending: Ending | null = null
  /** How many lines have been read, that of the names among them. */
  #rows = 0
  #out = Buffer.alloc(0)
  #length = 0

  /** @param failed how messages begin */
  constructor(nullMarker: string, failed: string) {
    this.#null = Buffer.from(nullMarker)
    this.#failed = failed
  }

  /** @returns what to write, and up to where its lines are whole: 0 when none ends in it */
  rewrite(chunk: Buffer): { bytes: Buffer; wholeLines: number } {
    // Redshift takes it for the end of the row, and PostgreSQL takes none.
    if (chunk.includes(nul)) throw this.#refuse('holds the character NUL')
    this.#begin(chunk.length)
    let wholeLines = 0
    for (const byte of chunk) {
      if (this.#afterReturn) {
        this.#afterReturn = false
        this.#endLine(byte === lf ? 'crlf' : 'cr')
        wholeLines = this.#length
        if (byte === lf) continue
      }
      if (this.#state === 'quoted') this.#readQuoted(byte)
      else if (byte === cr) this.#afterReturn = true
      else if (byte === lf) {
        this.#endLine('lf')
        wholeLines = this.#length
      } else this.#readOutside(byte)
    }
    return { bytes: this.#out.subarray(0, this.#length), wholeLines }
  }

  /** The rest of a last line without an end. */
  end(): Buffer {
    this.#begin(0)
    if (this.#state === 'quoted') throw this.#refuse('ends within quotes')
    if (this.#afterReturn) this.#endLine('cr')
    else if (!this.#atLineStart) this.#endLine(this.#ending ?? 'lf')
    return this.#out.subarray(0, this.#length)
  }

  #begin(size: number): void {
    this.#out = Buffer.allocUnsafe(size * 2 + this.#null.length + 16)
    this.#length = 0
  }

  #readQuoted(byte: number): void {
    if (byte === quote) this.#state = 'quote'
    else this.#write(byte)
  }

  #readOutside(byte: number): void {
    this.#atLineStart = false
    if (byte === comma) {
      this.#endField()
      this.#write(comma)
      return
    }
    if (this.#state === 'start') this.#write(quote)
    if (byte !== quote) {
      this.#state = 'bare'
      this.#write(byte)
      return
    }
    if (this.#state === 'quote') {
      this.#write(quote)
      this.#write(quote)
    }
    this.#state = 'quoted'
  }

  #endField(): void {
    if (this.#state !== 'start') this.#write(quote)
    else if (!this.#inHeader) {
      this.#reserve(this.#null.length)
      this.#length += this.#null.copy(this.#out, this.#length)
    }
    this.#state = 'start'
  }

  #endLine(ending: Ending): void {
    this.#ending ??= ending
    if (ending !== this.#ending) {
      throw this.#refuse(
        `has a row, the one behind the first ${this.#rows}, that ends otherwise than its first line`,
      )
    }
    this.#endField()
    this.#write(lf)
    this.#inHeader = false
    this.#atLineStart = true
    this.#rows += 1
  }

  #write(byte: number): void {
    if (this.#inHeader) return
    if (this.#length === this.#out.length) this.#reserve(1)
    this.#out[this.#length++] = byte
  }

  /** Makes room: an empty field is longer as null. */
  #reserve(size: number): void {
    if (this.#length + size <= this.#out.length) return
    const larger = Buffer.allocUnsafe(this.#out.length * 2 + size)
    this.#out.copy(larger, 0, 0, this.#length)
    this.#out = larger
  }

  #refuse(complaint: string): DuroError {
    return new DuroError('build', `${this.#failed}: the CSV ${complaint}`, {
      hint: 'Values with commas, quotes or line breaks are put in quotes, and quotes in them are doubled.',
    })
  }
}
