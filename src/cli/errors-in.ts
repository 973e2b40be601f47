/** An error, the errors that it joins, and all their causes: each once, outermost first. */
export function* errorsIn(error: unknown, seen: Set<unknown> = new Set()): Generator {
  if (seen.has(error)) return
  seen.add(error)
  yield error
  if (!(error instanceof Error)) return
  if (error.cause !== undefined) yield* errorsIn(error.cause, seen)
  if (error instanceof AggregateError) for (const inner of error.errors) yield* errorsIn(inner, seen)
}
