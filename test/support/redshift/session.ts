import type { Socket } from 'node:net'

import { Answers } from './answers.ts'
import type { Fault } from './fault.ts'
import { fatalError } from './protocol/fields.ts'
import { FrameReader, type Frame } from './protocol/frames.ts'
import { Requests } from './requests.ts'
import type { StatementContext } from './translate/translate.ts'

export interface SessionOptions {
  client: Socket
  upstream: Socket
  /** Told of every statement; says what is to happen to it. */
  onStatement: (statement: string) => Fault | null
  context: Pick<StatementContext, 'upstream' | 'store' | 'record' | 'keepLongName'>
}

/** What a session does to its two connections. */
export interface Wires {
  toServer(bytes: Buffer): void
  toClient(bytes: Buffer): void
  /** Ends both connections at once, as a lost network does. */
  cut(): void
}

/** One client's session after the start-up packet: each message is dealt with when the one before it is. */
export class Session {
  readonly #options: SessionOptions
  readonly #fromClient = new FrameReader()
  readonly #fromServer = new FrameReader()
  readonly #answers: Answers
  readonly #requests: Requests
  #clientWork: Promise<void> = Promise.resolve()
  #serverWork: Promise<void> = Promise.resolve()

  constructor(options: SessionOptions) {
    const { client, upstream } = options
    this.#options = options
    const wires: Wires = {
      toServer: (bytes) => void (upstream.writable && upstream.write(bytes)),
      toClient: (bytes) => void (client.writable && client.write(bytes)),
      cut: () => this.cut(),
    }
    this.#answers = new Answers(wires)
    this.#requests = new Requests({ ...options, wires, answers: this.#answers })
  }

  fromClient(chunk: Buffer): void {
    this.#fromClient.push(chunk)
    for (const message of readAll(this.#fromClient)) {
      this.#clientWork = this.#clientWork
        .then(() => this.#requests.take(message))
        .catch((error: unknown) => this.#fail(error))
    }
  }

  fromServer(chunk: Buffer): void {
    this.#fromServer.push(chunk)
    for (const message of readAll(this.#fromServer)) {
      this.#serverWork = this.#serverWork
        .then(() => this.#answers.take(message))
        .catch((error: unknown) => this.#fail(error))
    }
  }

  /** Fulfilled when all that the server has said was passed on. */
  async untilAllIsPassedOn(): Promise<void> {
    await this.#serverWork
  }

  /** A fault of the stand-in itself must not look like a lost network. */
  #fail(error: unknown): void {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const { client } = this.#options
    if (!client.writable) this.cut()
    else client.end(fatalError('XX000', `the stand-in for Redshift failed: ${reason}`), () => this.cut())
  }

  cut(): void {
    this.#options.client.destroy()
    this.#options.upstream.destroy()
    this.#answers.end()
  }
}

function* readAll(reader: FrameReader): Generator<Frame> {
  for (let read = reader.next(); read !== null; read = reader.next()) yield read
}
