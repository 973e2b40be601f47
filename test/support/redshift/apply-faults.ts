import type { Fault } from './fault.ts'
import { raiseStep, type Step } from './translate/step.ts'

export interface Faulted {
  steps: readonly Step[]
  /** Fails when all steps are done and committed. */
  late: Step | null
}

/**
 * What runs when faults happen to statements that came together.
 * @param groups the steps of each statement
 */
export function applyFaults(
  groups: readonly (readonly Step[])[],
  faults: readonly (Fault | null)[],
): Faulted {
  const steps: Step[] = []
  for (const [n, group] of groups.entries()) {
    const fault = faults[n]
    if (fault?.kind === 'error') {
      steps.push(faultStep(fault))
      continue
    }
    if (fault?.kind === 'cut-after')
      steps.push(...group.slice(0, -1), ...group.slice(-1).map((step) => ({ ...step, cut: true })))
    else steps.push(...group)
    if (fault?.kind !== 'error-after') continue
    if (n < groups.length - 1) steps.push(faultStep(fault))
    else return { steps: steps.map((step) => ({ ...step, answer: 'none' })), late: faultStep(fault) }
  }
  return { steps, late: null }
}

export function faultStep({ sqlstate, message }: { sqlstate: string; message: string }): Step {
  return raiseStep({ sqlstate, message, start: null, hint: null })
}

export async function untilReleased(fault: Fault | null): Promise<void> {
  if (fault?.kind === 'wait') await fault.until
}
