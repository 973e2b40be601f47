import type { Command } from 'commander'
import type { Shell } from './command.ts'

/** What a command does; returns the exit code. */
export type Action = (shell: Shell) => Promise<number>

/**
 * Adds a command to the program: its flags, and one call. What the call needs is imported within it, so that
 * `duro --help` and a mistyped command load nothing of the engine.
 */
export type AddCommand = (program: Command, run: (action: Action) => Promise<void>) => void
