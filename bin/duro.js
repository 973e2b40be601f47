#!/usr/bin/env node
import module from 'node:module'

// Node 20 has none yet.
module.enableCompileCache?.()
// The driver asks what it runs on. Where Node.js does not say, it finds out by making a response, which loads all of fetch.
globalThis.navigator ??= { userAgent: `Node.js/${process.versions.node}` }
await import('../dist/cli/main.js')
