#!/usr/bin/env node
import module from 'node:module'

// Node 20 has none yet.
module.enableCompileCache?.()
await import('../dist/cli/main.js')
