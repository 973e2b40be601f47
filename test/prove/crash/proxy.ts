import { once } from 'node:events'
import { createServer, connect, type Socket } from 'node:net'

import { createBackendReader } from './backend-messages.ts'
import {
  createFrontendSplitter,
  sqlOf,
  startupParameters,
  type FrontendMessage,
} from './frontend-messages.ts'

/** A statement on its way to the server. */
export interface Passing {
  /** The connection's application name and the statement without what differs from run to run. */
  statement: string
  /** The server process that it is meant for; 0 while the connection is being opened. */
  pid: number
  /** Ends the connection that it came over. */
  cut: () => void
}

/**
 * Strikes at one statement. `before`: the server never gets it. `during`: it has just got it. `after`: the server is
 * done, and the client will not hear of it.
 */
export interface Fault {
  /** The statement, and which of its occurrences in a run, counted from 1. */
  at: string
  when: 'before' | 'during' | 'after'
  strike: (passing: Passing) => void
}

/** A TCP proxy before a server that counts the statements of all connections, and strikes at one. */
export interface Proxy {
  port: number
  /** Forgets what it counted. @param fault null: only counts */
  arm(fault: Fault | null): void
  /** What passed since then, each statement with its occurrence. */
  readonly passed: readonly string[]
  /** Whether the fault has struck. */
  readonly struck: boolean
  cutAll(): void
  close(): Promise<void>
}

/** @param target the server's port, looked up for each connection, on this machine */
export async function startProxy(target: () => { host: string; port: number }): Promise<Proxy> {
  const open = new Set<() => void>()
  let fault: Fault | null = null
  let passed: string[] = []
  let occurrences = new Map<string, number>()
  let struck = false

  function count(statement: string): string {
    const occurrence = (occurrences.get(statement) ?? 0) + 1
    occurrences.set(statement, occurrence)
    const key = `${statement} #${occurrence}`
    passed.push(key)
    return key
  }

  const listener = createServer((client) => {
    const server = connect(target())
    const cut = (): void => {
      open.delete(cut)
      client.destroy()
      server.destroy()
    }
    open.add(cut)
    relay(client, server, cut)
  })

  function relay(client: Socket, server: Socket, cut: () => void): void {
    const split = createFrontendSplitter()
    let application = ''
    let sql = ''
    let pid = 0
    let afterwards: Passing | null = null
    /** Nothing more goes to the server: a connection never loses one message and carries the next. */
    let stopped = false
    const readAnswers = createBackendReader({
      onProcess: (process) => (pid = process),
      onReady: () => {
        if (afterwards === null) return
        const passing = afterwards
        afterwards = null
        fault?.strike(passing)
        cut()
      },
    })

    function pass(message: FrontendMessage): void {
      if (message.type === 'startup')
        application = startupParameters(message).get('application_name') ?? 'cancel'
      sql = sqlOf(message) ?? sql
      const statement = nameOf(message, application, sql)
      if (statement !== null && count(statement) === fault?.at && !struck) {
        struck = true
        const passing = { statement, pid, cut }
        if (fault.when === 'before') {
          stopped = true
          fault.strike(passing)
          return
        }
        if (fault.when === 'after') afterwards = passing
        server.write(message.bytes)
        if (fault.when === 'during') fault.strike(passing)
        return
      }
      if (!server.destroyed) server.write(message.bytes)
    }

    client.on('data', (chunk) => {
      for (const message of split(chunk)) if (!client.destroyed && !stopped) pass(message)
    })
    server.on('data', (chunk) => {
      const withheld = afterwards !== null
      readAnswers(chunk)
      if (!withheld && !client.destroyed) client.write(chunk)
    })
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      socket.on('error', cut)
      socket.on('close', cut)
    }
  }

  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    arm(next) {
      fault = next
      passed = []
      occurrences = new Map()
      struck = false
    },
    get passed() {
      return passed
    },
    get struck() {
      return struck
    },
    cutAll() {
      for (const cut of open) cut()
    },
    async close() {
      listener.close()
      for (const cut of open) cut()
    },
  }
}

/** Null: no statement of its own, but a part of one. */
function nameOf({ type }: FrontendMessage, application: string, sql: string): string | null {
  switch (type) {
    case 'startup':
      return `${application}: connect`
    case 'Q':
    case 'E':
      return `${application}: ${withoutChance(sql)}`
    case 'd':
    case 'c':
      return `${application}: copy ${type === 'd' ? 'data' : 'done'}`
    default:
      return null
  }
}

/** Takes out what differs from run to run: run ids, snapshots, hashes, object ids, times. */
function withoutChance(sql: string): string {
  return sql
    .replaceAll(/\d{8}-\d{6}-[0-9a-f]{4}/g, '‹run›')
    .replaceAll(/[0-9A-F]{8}-[0-9A-F]{8}-\d+/g, '‹snapshot›')
    .replaceAll(/[0-9a-f]{32}/g, '‹hash›')
    .replaceAll(/\d+(\.\d+)?/g, '0')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
