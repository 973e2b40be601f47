import { setTimeout as sleep } from 'node:timers/promises'
import { DuroError } from '../../errors.ts'
import { parseExactly } from './parse-exactly.ts'

/** How requests to Dune are made. */
export interface DuneApi {
  /** `https://api.dune.com`, or where a stand-in listens. */
  baseUrl: string
  key: string
  /** How messages begin: `first.events could not be built`. */
  failed: string
  notice: (message: string) => void
  signal: AbortSignal
}

/** What an answer means that is no result. */
class Refusal extends Error {
  readonly status: number
  /** Milliseconds that the server asks to wait. */
  readonly retryAfter: number | null

  constructor(status: number, said: string, wait: number | null) {
    super(said)
    this.status = status
    this.retryAfter = wait
  }
}

/** How often a request is made until it is given up: with the pauses between, for about a minute. */
const attempts = 7
/** Milliseconds before the second attempt; each further pause is twice as long. */
const firstPause = 1000
const longestPause = 30_000
/** Milliseconds in which an answer has to be there. */
const patience = 60_000

/** The JSON of an answer. Too many requests, and errors that pass, are tried again. @throws DuroError */
export async function askDune(api: DuneApi, path: string): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askOnce(api, path)
    } catch (error) {
      api.signal.throwIfAborted()
      const passes = !(error instanceof Refusal) || error.status === 429 || error.status >= 500
      if (!passes || attempt === attempts) throw explain(error, api)
      await pause(error, attempt, api)
    }
  }
}

async function askOnce({ baseUrl, key, signal }: DuneApi, path: string): Promise<unknown> {
  const response = await fetch(`${baseUrl}${path}`, {
    headers: { 'X-Dune-API-Key': key },
    // The key goes to nobody else.
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
  })
  const text = await response.text()
  if (!response.ok) throw new Refusal(response.status, errorIn(text), retryAfter(response))
  return parseExactly(text)
}

/** With jitter: views that were refused together do not come back together. */
async function pause(error: unknown, attempt: number, api: DuneApi): Promise<void> {
  const longest = Math.min(firstPause * 2 ** (attempt - 1), longestPause)
  const own = longest * (0.5 + Math.random() / 2)
  const wished = error instanceof Refusal ? error.retryAfter : null
  if (attempt === 3) api.notice(`Dune does not answer yet (${messageOf(error)}), trying again`)
  await sleep(wished === null ? own : Math.min(wished, longestPause), undefined, { signal: api.signal })
}

function retryAfter(response: Response): number | null {
  const seconds = /^\d+$/.exec(response.headers.get('Retry-After') ?? '')?.[0]
  return seconds === undefined ? null : Number(seconds) * 1000
}

/** Dune says `{ "error": "invalid API Key" }`; what stands before it may say something else. */
function errorIn(text: string): string {
  try {
    const said: unknown = JSON.parse(text)
    if (typeof said === 'object' && said !== null && 'error' in said && typeof said.error === 'string')
      return said.error
  } catch {
    // A proxy's page, most likely.
  }
  return text.trim().slice(0, 200)
}

const hints: Readonly<Record<number, string>> = {
  401: 'Check DUNE_API_KEY.',
  402: 'The credits of this billing cycle are used up.',
  403: 'The key in DUNE_API_KEY may not read this query.',
  404: 'Check query_id. A private query can only be read with a key of its owner.',
  429: 'Fewer imports at once, or a larger plan at Dune, keep within its limits.',
}

function explain(error: unknown, { failed, baseUrl }: DuneApi): DuroError {
  if (!(error instanceof Refusal)) {
    const message = `${failed}: ${new URL(baseUrl).host} cannot be reached: ${messageOf(error)}`
    return new DuroError('build', message, { hint: 'Run it again when it can.', cause: error })
  }
  const said = error.message === '' ? '' : `: ${error.message}`
  return new DuroError('build', `${failed}: Dune answered with ${error.status}${said}`, {
    hint: hints[error.status],
  })
}

/** What fetch throws only says that it failed; the reason is its cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof AggregateError) return messageOf(error.cause.errors[0])
  return error.cause instanceof Error ? error.cause.message : error.message
}
