import type { Engine } from '../engine/engine.ts'
import { SqlError } from '../errors.ts'
import type { TestFailure } from '../events.ts'
import type { Project } from '../project/project.ts'
import type { View, ViewName } from '../project/view.ts'
import { formatAddress } from '../sql/identifiers.ts'

/** How many rows that do not hold are shown. */
export const sampleSize = 5

/** Which version of which view is asked. */
export interface Aim {
  project: Project
  engine: Pick<Engine, 'name' | 'addressOf'>
  /** The views whose new versions are tested; of all others the live ones are read. */
  rebuilt: ReadonlySet<ViewName>
}

export interface TestContext extends Aim {
  engine: Engine
  signal: AbortSignal
}

/** The version of a view that is tested, as SQL. */
export function relationOf(view: View, { engine, rebuilt }: Aim): string {
  return formatAddress(engine.addressOf(view, rebuilt.has(view.name) ? 'new' : 'live'))
}

/** A test that the server could not run does not hold. A broken connection is no test result. */
export function failureOf(
  error: unknown,
  { signal }: TestContext,
): Pick<TestFailure, 'message' | 'samples' | 'error'> {
  signal.throwIfAborted()
  if (!(error instanceof SqlError)) throw error
  return { message: error.message, samples: [], error }
}
