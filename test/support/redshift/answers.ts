import type { Expected, Query, Sync } from './expected.ts'
import { explainError } from './explain-error.ts'
import { fieldsFrame, readFields } from './protocol/fields.ts'
import { BodyReader, frame, text, type Frame } from './protocol/frames.ts'
import { parameterStatus } from './protocol/parameter-status.ts'
import { readRow } from './protocol/row.ts'
import type { Wires } from './session.ts'
import type { Step } from './translate/step.ts'

/** What the server answers: passed on to the client, except for answers to what the client did not ask. */
export class Answers {
  readonly #wires: Wires
  readonly #expected: Expected[] = []
  readonly #waiting: (() => void)[] = []
  #copied: Buffer[] = []
  #started = false
  /** After an error in the extended protocol, until the next Sync. */
  #isSkipping = false
  #ended = false
  /** `I` idle, `T` in a transaction, `E` in a failed one. */
  #status = 'I'
  #transactionBegun = false
  #pid = 0

  constructor(wires: Wires) {
    this.#wires = wires
  }

  get inTransaction(): boolean {
    return this.#status !== 'I'
  }

  /** Whether the transaction has done more than to set something. */
  get transactionBegun(): boolean {
    return this.#transactionBegun
  }

  /** The process of the server's that works for the session. */
  get pid(): number {
    return this.#pid
  }

  expect(expected: Expected): void {
    if (!this.#isSkipping || expected.kind === 'sync') this.#expected.push(expected)
  }

  /** Fulfilled when the server has answered a query, or a batch, or will not any more. */
  untilReady(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ended) resolve()
      else this.#waiting.push(resolve)
    })
  }

  end(): void {
    this.#ended = true
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  async take(message: Frame): Promise<void> {
    if (message.type === 'S') {
      const told = parameterStatus(message.body)
      if (told !== null) this.#wires.toClient(told)
    } else if (!this.#started) this.#onStart(message)
    else if (message.type === 'E') await this.#onError(message)
    else if (message.type === 'Z') this.#onReady(message)
    else if (message.type === 'G') this.#onCopyIn()
    else if (message.type === 'd') this.#copied.push(message.body)
    else if (message.type === 'H' || message.type === 'c') return
    else if ('CIs'.includes(message.type)) await this.#onComplete(message)
    else if (message.type === 'N' || message.type === 'A') this.#onNotice(message)
    else this.#onPart(message)
  }

  /** Passwords and settings, until the session begins. */
  #onStart(message: Frame): void {
    if (message.type === 'K') this.#pid = message.body.readInt32BE(0)
    if (message.type === 'Z') this.#started = true
    this.#pass(message)
  }

  #pass(message: Frame): void {
    this.#wires.toClient(frame(message.type, message.body))
  }

  get #step(): Step | null {
    const [head] = this.#expected
    return head?.kind === 'query' || head?.kind === 'execute' ? (head.steps[head.at] ?? null) : null
  }

  #onNotice(message: Frame): void {
    if (this.#step?.answer !== 'none') this.#pass(message)
  }

  /** Descriptions, rows, and that a message of the extended protocol was understood. */
  #onPart(message: Frame): void {
    const [head] = this.#expected
    if (head?.kind === 'part') {
      if (head.visible) this.#pass(message)
      // The types of parameters are followed by the description of rows.
      if (message.type !== 't') this.#expected.shift()
      return
    }
    const step = this.#step
    if (message.type === 'D') step?.onRow?.(readRow(message.body))
    if (step === null || step.answer === 'all') this.#pass(message)
  }

  async #onComplete(message: Frame): Promise<void> {
    const [head] = this.#expected
    const step = this.#step
    if (head?.kind === 'query') head.at++
    if (head?.kind === 'execute') this.#expected.shift()
    if (step?.copyOut !== undefined) await step.copyOut(Buffer.concat(this.#copied.splice(0)))
    if (step?.cut === true) {
      // What stands last is committed only when the server is ready again.
      if (head?.kind !== 'query' || head.at < head.steps.length) this.#wires.cut()
    } else if (step === null) this.#pass(message)
    else if (step.answer !== 'none') {
      const tag = new BodyReader(message.body)
      const body = message.type === 'C' && step.tag !== undefined ? text(step.tag(tag.text())) : message.body
      this.#wires.toClient(frame(message.type, body))
    }
  }

  async #onError(message: Frame): Promise<void> {
    const [head] = this.#expected
    const fields = readFields(message.body)
    if (head === undefined || head.kind === 'sync') {
      this.#wires.toClient(fieldsFrame('E', fields)) // a session that the server ends
      return
    }
    const told = (await this.#step?.onError?.(fields)) ?? fields
    this.#wires.toClient(fieldsFrame('E', explainError(told, head.sql, head.steps)))
    if (head.kind === 'query') {
      head.failed = true
      return
    }
    this.#isSkipping = true
    // The server skips all up to the next Sync, but a Sync of the stand-in's own is none of the client's.
    while (this.#expected.length > 0 && this.#expected[0]?.kind !== 'sync') this.#expected.shift()
  }

  #onReady(message: Frame): void {
    this.#isSkipping = false
    const head = this.#expected.shift()
    const end = head?.kind === 'query' || head?.kind === 'sync' ? head : null
    this.#status = String.fromCharCode(message.body.readUInt8(0))
    this.#transactionBegun = this.inTransaction && (this.#transactionBegun || end?.onlySettles === false)
    if (end !== null && isCut(end)) {
      this.#wires.cut()
      return
    }
    if (end?.quiet !== true || (end.kind === 'query' && end.failed)) this.#pass(message)
    // Nobody waits for a Sync that the client did not send.
    if (end?.kind !== 'sync' || !end.quiet) this.#waiting.shift()?.()
  }

  #onCopyIn(): void {
    const content = this.#step?.copyIn?.()
    if (content === undefined) {
      this.#wires.toServer(frame('f', text('the stand-in has nothing to copy')))
      return
    }
    this.#wires.toServer(frame('d', content))
    this.#wires.toServer(frame('c'))
    // While it copies, the server overlooks the Sync that a client has sent in advance.
    if (this.#expected[0]?.kind === 'execute') this.#wires.toServer(frame('S'))
  }
}

function isCut(end: Query | Sync): boolean {
  return end.kind === 'sync' ? end.cut : end.at >= end.steps.length && end.steps.at(-1)?.cut === true
}
