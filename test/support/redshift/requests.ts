import type { Answers } from './answers.ts'
import { applyFaults, faultStep, untilReleased } from './apply-faults.ts'
import type { Query } from './expected.ts'
import { BodyReader, frame, text, type Frame } from './protocol/frames.ts'
import { mainStep, prepare, type Prepared } from './prepare.ts'
import type { SessionOptions, Wires } from './session.ts'
import { stepSql, type Step } from './translate/step.ts'
import type { StatementContext } from './translate/translate.ts'

export interface RequestsOptions extends SessionOptions {
  wires: Wires
  answers: Answers
}

/** What a client asks: translated, and sent on to the server. */
export class Requests {
  readonly #options: RequestsOptions
  readonly #statements = new Map<string, Prepared>()
  readonly #portals = new Map<string, Prepared>()
  /** Messages of the extended protocol up to a Sync or a Flush. */
  #batch: Frame[] = []
  #batchOnlySettles = true
  #injected = 0

  constructor(options: RequestsOptions) {
    this.#options = options
  }

  async take(message: Frame): Promise<void> {
    if (message.type === 'Q') await this.#onQuery(new BodyReader(message.body).text())
    else if ('PBDEC'.includes(message.type)) this.#batch.push(message)
    else if (message.type === 'S' || message.type === 'H') await this.#onBatch(message)
    else this.#pass(message) // passwords, and the end
  }

  #pass(message: Frame): void {
    this.#options.wires.toServer(frame(message.type, message.body))
  }

  #context(prepared: boolean): Omit<StatementContext, 'alone'> {
    const { context, answers } = this.#options
    const { inTransaction, transactionBegun, pid } = answers
    return { ...context, inTransaction, transactionBegun, session: pid, prepared }
  }

  async #onQuery(sql: string): Promise<void> {
    const prepared = await prepare(sql, this.#context(false))
    const faults = prepared.statements.map((statement) => this.#options.onStatement(statement))
    for (const fault of faults) await untilReleased(fault)
    if (faults.some((fault) => fault?.kind === 'cut')) {
      this.#options.wires.cut()
      return
    }
    const { steps, late } = applyFaults(prepared.groups, faults)
    const failed = await this.#run(prepared, steps, late !== null)
    // In a query of its own: what stood alone is committed by now.
    if (late !== null && !failed) await this.#run(prepared, [late], false)
  }

  /** @returns whether it failed */
  async #run({ sql, onlySettles }: Prepared, steps: readonly Step[], quiet: boolean): Promise<boolean> {
    const { answers, wires } = this.#options
    const query: Query = { kind: 'query', sql, steps, at: 0, quiet, failed: false, onlySettles }
    answers.expect(query)
    const ready = answers.untilReady()
    wires.toServer(frame('Q', text(steps.map(stepSql).join(';\n'))))
    await ready
    return query.failed
  }

  async #onBatch(end: Frame): Promise<void> {
    const { answers, wires } = this.#options
    let cut = false
    for (const message of this.#batch.splice(0)) {
      const fate = await this.#onPart(message)
      if (fate === 'cut') {
        wires.cut()
        return
      }
      cut ||= fate === 'cut-after'
    }
    if (end.type === 'S') {
      answers.expect({ kind: 'sync', cut, quiet: false, onlySettles: this.#batchOnlySettles })
      this.#batchOnlySettles = true
    }
    const ready = end.type === 'S' ? answers.untilReady() : Promise.resolve()
    this.#pass(end)
    await ready
  }

  async #onPart(message: Frame): Promise<'runs' | 'cut' | 'cut-after'> {
    const reader = new BodyReader(message.body)
    if (message.type === 'P') await this.#onParse(reader)
    else if (message.type === 'E') return this.#onExecute(message, this.#portals.get(reader.text()))
    else {
      const portal = message.type === 'B' ? reader.text() : ''
      const bound = message.type === 'B' ? this.#statements.get(reader.text()) : undefined
      if (bound !== undefined) this.#portals.set(portal, bound)
      const steps = bound === undefined ? [] : [mainStep(bound)]
      this.#options.answers.expect({ kind: 'part', visible: true, sql: bound?.sql ?? '', steps })
      this.#pass(message)
    }
    return 'runs'
  }

  async #onParse(reader: BodyReader): Promise<void> {
    const { answers, wires, onStatement } = this.#options
    const name = reader.text()
    const sql = reader.text()
    const prepared = await prepare(sql, this.#context(true))
    this.#statements.set(name, prepared)
    if (prepared.rejected) {
      for (const statement of prepared.statements) onStatement(statement)
      this.#inject(sql, prepared.groups.flat())
      return
    }
    const main = mainStep(prepared)
    answers.expect({ kind: 'part', visible: true, sql, steps: [main] })
    wires.toServer(frame('P', Buffer.concat([text(name), text(stepSql(main)), reader.rest()])))
  }

  async #onExecute(message: Frame, prepared: Prepared | undefined): Promise<'runs' | 'cut' | 'cut-after'> {
    const { answers, wires, onStatement } = this.#options
    // What was rejected has failed before; the server passes over the rest of the batch.
    const fault =
      prepared === undefined || prepared.rejected ? null : onStatement(prepared.statements[0] ?? '')
    await untilReleased(fault)
    if (fault?.kind === 'cut') return 'cut'
    const { sql, groups, onlySettles } = prepared ?? { sql: '', groups: [], onlySettles: true }
    if (fault?.kind === 'error') {
      this.#inject(sql, [faultStep(fault)])
      return 'runs'
    }
    this.#batchOnlySettles &&= onlySettles
    const steps = groups.flat()
    const at = steps.findIndex((step) => step.answer !== 'none')
    this.#inject(sql, steps.slice(0, Math.max(at, 0)))
    answers.expect({ kind: 'execute', sql, steps: steps.slice(Math.max(at, 0), at + 1), at: 0 })
    this.#pass(message)
    this.#inject(sql, steps.slice(at + 1))
    if (fault?.kind === 'error-after') {
      // What stood alone is committed first.
      answers.expect({ kind: 'sync', cut: false, quiet: true, onlySettles })
      wires.toServer(frame('S'))
      this.#inject(sql, [faultStep(fault)])
    }
    return fault?.kind === 'cut-after' ? 'cut-after' : 'runs'
  }

  /** Runs statements of the stand-in's own between the messages of the client. */
  #inject(sql: string, steps: readonly Step[]): void {
    const { answers, wires } = this.#options
    for (const step of steps) {
      const name = text(`redshift_stand_in_${++this.#injected}`)
      answers.expect({ kind: 'part', visible: false, sql, steps: [step] })
      wires.toServer(frame('P', Buffer.concat([name, text(stepSql(step)), Buffer.alloc(2)])))
      answers.expect({ kind: 'part', visible: false, sql, steps: [step] })
      wires.toServer(frame('B', Buffer.concat([name, name, Buffer.alloc(6)])))
      answers.expect({ kind: 'execute', sql, steps: [{ ...step, answer: 'none' }], at: 0 })
      wires.toServer(frame('E', Buffer.concat([name, Buffer.alloc(4)])))
    }
  }
}
