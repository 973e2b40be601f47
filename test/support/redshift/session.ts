import type { Socket } from 'node:net'

import type { Fault } from './fault.ts'
import { explainError } from './explain-error.ts'
import { fieldsFrame, readFields } from './protocol/fields.ts'
import { BodyReader, frame, FrameReader, text, type Frame } from './protocol/frames.ts'
import { readRow } from './protocol/row.ts'
import { parameterStatus } from './protocol/parameter-status.ts'
import { prepare, type Prepared } from './prepare.ts'
import { raiseStep, stepSql, type Step } from './translate/step.ts'
import type { StatementContext } from './translate/translate.ts'

/** What the server is to answer next. */
type Expected =
  | { kind: 'query'; sql: string; steps: Step[]; at: number; quiet: boolean; cut: boolean }
  | { kind: 'part'; visible: boolean; sql: string; steps: Step[] }
  | { kind: 'execute'; sql: string; steps: Step[]; at: number }
  | { kind: 'sync'; cut: boolean; quiet: boolean }

export interface SessionOptions {
  client: Socket
  upstream: Socket
  /** Told of every statement; says what is to happen to it. */
  onStatement: (statement: string) => Fault | null
  context: Pick<StatementContext, 'upstream' | 'store' | 'record'>
}

/** One client's session after the start-up packet: reads both sides and rewrites what goes between them. */
export class Session {
  readonly #options: SessionOptions
  readonly #fromClient = new FrameReader()
  readonly #fromServer = new FrameReader()
  readonly #expected: Expected[] = []
  readonly #statements = new Map<string, Prepared>()
  readonly #portals = new Map<string, Prepared>()
  /** Messages of the extended protocol up to a Sync or Flush. */
  #batch: Frame[] = []
  #started = false
  /** `I` idle, `T` in a transaction, `E` in a failed one. */
  #status = 'I'
  #transactionBegun = false
  /** The process of the server's that works for the session. */
  #pid = 0
  #injected = 0
  #copied: Buffer[] = []
  #ready: (() => void)[] = []
  #clientWork: Promise<void> = Promise.resolve()
  #serverWork: Promise<void> = Promise.resolve()

  constructor(options: SessionOptions) {
    this.#options = options
  }

  fromClient(chunk: Buffer): void {
    this.#fromClient.push(chunk)
    for (let read = this.#fromClient.next(); read !== null; read = this.#fromClient.next()) {
      const message = read
      this.#clientWork = this.#clientWork.then(() => this.#onClient(message)).catch(() => this.cut())
    }
  }

  fromServer(chunk: Buffer): void {
    this.#fromServer.push(chunk)
    for (let read = this.#fromServer.next(); read !== null; read = this.#fromServer.next()) {
      const message = read
      this.#serverWork = this.#serverWork.then(() => this.#onServer(message)).catch(() => this.cut())
    }
  }

  /** Runs when all that the server has said was passed on. */
  async untilAllIsPassedOn(): Promise<void> {
    await this.#serverWork
  }

  /** Ends both connections at once, as a lost network does. */
  cut(): void {
    this.#options.client.destroy()
    this.#options.upstream.destroy()
    this.#release()
  }

  #release(): void {
    for (const resolve of this.#ready.splice(0)) resolve()
  }

  #send(bytes: Buffer): void {
    if (this.#options.upstream.writable) this.#options.upstream.write(bytes)
  }

  #answer(bytes: Buffer): void {
    if (this.#options.client.writable) this.#options.client.write(bytes)
  }

  async #onClient(message: Frame): Promise<void> {
    if (message.type === 'Q') await this.#onQuery(new BodyReader(message.body).text())
    else if ('PBDEC'.includes(message.type)) this.#batch.push(message)
    else if (message.type === 'S' || message.type === 'H') await this.#onBatch(message)
    else this.#send(frame(message.type, message.body)) // passwords, terminate
  }

  // The simple protocol

  async #onQuery(sql: string): Promise<void> {
    const prepared = await prepare(sql, this.#context(false))
    const faults = prepared.statements.map((statement) => this.#options.onStatement(statement))
    await waitAll(faults)
    if (faults.some((fault) => fault?.kind === 'cut')) {
      this.cut()
      return
    }
    const steps: Step[] = []
    let late: Step | null = null
    for (const [n, group] of prepared.groups.entries()) {
      const fault = faults[n] ?? null
      const isLast = n === prepared.groups.length - 1
      if (fault?.kind === 'error') {
        steps.push(raiseStep(rejectionOf(fault)))
        continue
      }
      const own = group.map((step) => ({ ...step }))
      const end = own.at(-1)
      if (fault?.kind === 'cut-after' && end !== undefined) end.cut = true
      if (fault?.kind === 'error-after' && isLast) {
        late = raiseStep(rejectionOf(fault))
        steps.push(...own.map((step) => ({ ...step, answer: 'none' as const })))
      } else {
        steps.push(...own)
        if (fault?.kind === 'error-after') steps.push(raiseStep(rejectionOf(fault)))
      }
    }
    await this.#run(sql, steps, late !== null)
    // In a query of its own: what stood alone is committed by now.
    if (late !== null) await this.#run(sql, [late], false)
  }

  async #run(sql: string, steps: Step[], quiet: boolean): Promise<void> {
    const cut = steps.at(-1)?.cut === true
    this.#expected.push({ kind: 'query', sql, steps, at: 0, quiet, cut })
    const done = this.#untilReady()
    this.#send(frame('Q', text(steps.map(stepSql).join(';\n'))))
    await done
  }

  #untilReady(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#options.upstream.destroyed) resolve()
      else this.#ready.push(resolve)
    })
  }

  #context(prepared: boolean): Omit<StatementContext, 'alone'> {
    return {
      ...this.#options.context,
      inTransaction: this.#status !== 'I',
      transactionBegun: this.#transactionBegun,
      session: this.#pid,
      prepared,
    }
  }

  // The extended protocol

  async #onBatch(end: Frame): Promise<void> {
    const batch = this.#batch
    this.#batch = []
    let cut = false
    for (const message of batch) {
      const outcome = await this.#onPart(message)
      if (outcome === 'cut') {
        this.cut()
        return
      }
      if (outcome === 'cut-after') cut = true
    }
    if (end.type === 'H') {
      this.#send(frame('H'))
      return
    }
    this.#expected.push({ kind: 'sync', cut, quiet: false })
    const done = this.#untilReady()
    this.#send(frame('S'))
    await done
  }

  async #onPart(message: Frame): Promise<'done' | 'cut' | 'cut-after'> {
    const reader = new BodyReader(message.body)
    switch (message.type) {
      case 'P':
        await this.#onParse(reader)
        return 'done'
      case 'B': {
        const portal = reader.text()
        const prepared = this.#statements.get(reader.text())
        if (prepared !== undefined) this.#portals.set(portal, prepared)
        this.#part(message, prepared)
        return 'done'
      }
      case 'E':
        return this.#onExecute(message, this.#portals.get(reader.text()))
      default:
        this.#part(message, undefined)
        return 'done'
    }
  }

  #part(message: Frame, prepared: Prepared | undefined): void {
    this.#expected.push({
      kind: 'part',
      visible: true,
      sql: prepared?.sql ?? '',
      steps: prepared?.groups.flat() ?? [],
    })
    this.#send(frame(message.type, message.body))
  }

  async #onParse(reader: BodyReader): Promise<void> {
    const name = reader.text()
    const sql = reader.text()
    const prepared = await prepare(sql, this.#context(true))
    this.#statements.set(name, prepared)
    if (prepared.rejected) {
      for (const statement of prepared.statements) this.#options.onStatement(statement)
      this.#inject(sql, prepared.groups.flat())
      return
    }
    const main = mainOf(prepared)
    this.#expected.push({ kind: 'part', visible: true, sql, steps: [main] })
    this.#send(frame('P', Buffer.concat([text(name), text(stepSql(main)), reader.rest()])))
  }

  async #onExecute(message: Frame, prepared: Prepared | undefined): Promise<'done' | 'cut' | 'cut-after'> {
    if (prepared === undefined || prepared.rejected) {
      this.#expected.push({ kind: 'execute', sql: '', steps: [], at: 0 })
      this.#send(frame('E', message.body))
      return 'done'
    }
    const fault = this.#options.onStatement(prepared.statements[0] ?? '')
    await waitAll([fault])
    if (fault?.kind === 'cut') return 'cut'
    if (fault?.kind === 'error') {
      this.#inject(prepared.sql, [raiseStep(rejectionOf(fault))])
      return 'done'
    }
    const steps = prepared.groups.flat()
    const main = mainOf(prepared)
    const at = steps.indexOf(main)
    this.#inject(prepared.sql, steps.slice(0, at))
    this.#expected.push({ kind: 'execute', sql: prepared.sql, steps: [{ ...main }], at: 0 })
    this.#send(frame('E', message.body))
    this.#inject(prepared.sql, steps.slice(at + 1))
    if (fault?.kind === 'error-after') {
      // What stood alone is committed first.
      this.#expected.push({ kind: 'sync', cut: false, quiet: true })
      this.#send(frame('S'))
      this.#inject(prepared.sql, [raiseStep(rejectionOf(fault))])
    }
    return fault?.kind === 'cut-after' ? 'cut-after' : 'done'
  }

  /** Runs statements of the stand-in's own between the messages of the client. */
  #inject(sql: string, steps: readonly Step[]): void {
    for (const step of steps) {
      const name = `redshift_stand_in_${++this.#injected}`
      this.#expected.push({ kind: 'part', visible: false, sql, steps: [step] })
      this.#send(frame('P', Buffer.concat([text(name), text(stepSql(step)), Buffer.alloc(2)])))
      this.#expected.push({ kind: 'part', visible: false, sql, steps: [step] })
      this.#send(frame('B', Buffer.concat([text(name), text(name), Buffer.alloc(6)])))
      this.#expected.push({ kind: 'execute', sql, steps: [{ ...step, answer: 'none' }], at: 0 })
      this.#send(frame('E', Buffer.concat([text(name), Buffer.alloc(4)])))
    }
  }

  // What the server answers

  async #onServer(message: Frame): Promise<void> {
    if (message.type === 'S') {
      const passed = parameterStatus(message.body)
      if (passed !== null) this.#answer(passed)
      return
    }
    if (!this.#started) {
      this.#answer(frame(message.type, message.body))
      if (message.type === 'K') this.#pid = message.body.readInt32BE(0)
      if (message.type === 'Z') this.#started = true
      return
    }
    switch (message.type) {
      case 'N':
        if (this.#step?.answer !== 'none') this.#answer(frame('N', message.body))
        return
      case 'E':
        return this.#onError(message)
      case 'Z':
        this.#onReady(message)
        return
      case 'G':
        this.#onCopyIn()
        return
      case 'H':
        return
      case 'D':
        this.#step?.onRow?.(readRow(message.body))
        this.#onPartOfAnswer(message)
        return
      case 'd':
        this.#copied.push(message.body)
        return
      case 'c':
        return
      case 'C':
      case 'I':
      case 's':
        return this.#onComplete(message)
      default:
        this.#onPartOfAnswer(message)
    }
  }

  get #step(): Step | null {
    const [head] = this.#expected
    return head?.kind === 'query' || head?.kind === 'execute' ? (head.steps[head.at] ?? null) : null
  }

  /** Descriptions, rows, and that a message of the extended protocol was understood. */
  #onPartOfAnswer(message: Frame): void {
    const [head] = this.#expected
    if (head?.kind === 'part') {
      if (head.visible) this.#answer(frame(message.type, message.body))
      if (message.type !== 't') this.#expected.shift()
      return
    }
    const step = this.#step
    if (step === null || step.answer === 'all') this.#answer(frame(message.type, message.body))
  }

  async #onComplete(message: Frame): Promise<void> {
    const [head] = this.#expected
    const step = this.#step
    if (head?.kind === 'query') head.at++
    if (head?.kind === 'execute') this.#expected.shift()
    if (step?.copyOut !== undefined) await step.copyOut(Buffer.concat(this.#copied.splice(0)))
    if (step?.cut === true) {
      // What stands last is committed only when the server is ready again.
      if (head?.kind !== 'query' || !head.cut) this.cut()
      return
    }
    if (step === null) this.#answer(frame(message.type, message.body))
    else if (step.answer !== 'none') {
      const tag = new BodyReader(message.body)
      const body = message.type === 'C' && step.tag !== undefined ? text(step.tag(tag.text())) : message.body
      this.#answer(frame(message.type, body))
    }
  }

  async #onError(message: Frame): Promise<void> {
    const [head] = this.#expected
    const step = this.#step
    const fields = readFields(message.body)
    if (head === undefined || head.kind === 'sync') {
      this.#answer(fieldsFrame('E', fields)) // a session that was ended by the server
      return
    }
    const changed = step?.onError === undefined ? fields : await step.onError(fields)
    this.#answer(fieldsFrame('E', explainError(changed, head.sql, head.steps)))
    if (head.kind === 'query') return
    // The server skips all up to the next Sync.
    while (this.#expected.length > 0 && this.#expected[0]?.kind !== 'sync') this.#expected.shift()
  }

  #onReady(message: Frame): void {
    const before = this.#status
    this.#status = String.fromCharCode(message.body.readUInt8(0))
    const head = this.#expected.shift()
    if (this.#status === 'I') this.#transactionBegun = false
    else if (before !== 'I' && head?.kind === 'query') {
      this.#transactionBegun ||= !/^\s*(set|begin|start)\b/i.test(head.sql)
    } else if (before !== 'I') this.#transactionBegun = true
    const end = head?.kind === 'query' || head?.kind === 'sync' ? head : null
    if (end?.cut === true) {
      this.cut()
      return
    }
    if (end?.quiet !== true) this.#answer(frame('Z', message.body))
    // Nobody waits for a Sync that the client did not send.
    if (end?.kind !== 'sync' || !end.quiet) this.#ready.shift()?.()
  }

  #onCopyIn(): void {
    const step = this.#step
    if (step?.copyIn === undefined) {
      this.#send(frame('f', text('the stand-in has nothing to copy')))
      return
    }
    this.#send(frame('d', step.copyIn()))
    this.#send(frame('c'))
    // While it copies, the server overlooks the Sync that a client has sent in advance.
    if (this.#expected[0]?.kind === 'execute') this.#send(frame('S'))
  }
}

async function waitAll(faults: readonly (Fault | null)[]): Promise<void> {
  for (const fault of faults) if (fault?.kind === 'wait') await fault.until
}

function rejectionOf(fault: { sqlstate: string; message: string }) {
  return { sqlstate: fault.sqlstate, message: fault.message, start: null, hint: null }
}

/** The one statement that answers for the client's. */
function mainOf(prepared: Prepared): Step {
  const main = prepared.groups.flat().find((step) => step.answer !== 'none')
  if (main === undefined) throw new Error(`nothing answers for ${prepared.sql}`)
  return main
}
