/** Several parts of a run may ask the same session at once; the driver wants one question at a time. */
export function createTurns(): <T>(ask: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (ask) => {
    const answer = last.then(ask)
    last = answer.catch(() => undefined)
    return answer
  }
}
