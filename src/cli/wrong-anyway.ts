import type { Problem } from '../errors.ts'

/**
 * What is wrong with a folder whichever of two engines it is for: what both readings of it say, and what keeps both from
 * reading the same line, each in its own words.
 */
export const wrongAnyway = (problems: readonly Problem[], others: readonly Problem[]): Problem[] =>
  problems.filter(({ file, line, message }) =>
    others.some(
      (other) =>
        other.file === file && (other.message === message || (line !== undefined && other.line === line)),
    ),
  )
