#!/usr/bin/env node
import module from 'node:module'
import { setFlagsFromString } from 'node:v8'

// Node 20 has none yet.
module.enableCompileCache?.()
// The grammars of the servers are WebAssembly, each with one huge function. To optimize that takes V8 longer than to parse
// thousands of files with what it has compiled at once, and node waits for it at its end. A version that no longer knows
// the flags would print that: they are set for those that have been tried.
if (Number.parseInt(process.versions.v8, 10) <= 14) {
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
}
// The driver asks what it runs on. Where Node.js does not say, it finds out by making a response, which loads all of fetch.
globalThis.navigator ??= { userAgent: `Node.js/${process.versions.node}` }
await import('../dist/cli/main.js')
