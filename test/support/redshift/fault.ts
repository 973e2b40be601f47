/** What a test lets happen to a statement. */
export type Fault =
  /** Answers an error instead of running it. */
  | { kind: 'error'; sqlstate: string; message: string }
  /** Runs it, commits it where it stands alone, and answers an error nevertheless. */
  | { kind: 'error-after'; sqlstate: string; message: string }
  /** Cuts the connection instead of running it. */
  | { kind: 'cut' }
  /** Runs it, and cuts the connection before the answer. */
  | { kind: 'cut-after' }
  /** Runs it when the promise is fulfilled. */
  | { kind: 'wait'; until: Promise<unknown> }

export type Hook = (statement: string, n: number) => Fault | null
