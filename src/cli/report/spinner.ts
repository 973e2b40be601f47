import type { Ora } from 'ora'
import type { Output } from '../output.ts'

/** The one line at the bottom of the terminal that moves. */
export interface Spinner {
  /** Shows what the function returns, asked again and again as time passes; nothing while it returns ''. */
  start(text: () => string): void
  stop(): void
}

/** Milliseconds between two looks at the text; ora turns its wheel on its own. */
const refresh = 100

/** A spinner of ora, which is loaded when it is first needed: most commands never do. */
export function createSpinner(output: Output): Spinner {
  let timer: NodeJS.Timeout | undefined
  let spinner: Ora | undefined

  const load = async (): Promise<void> => {
    const { default: ora } = await import('ora')
    spinner ??= ora({
      stream: output.progressStream,
      color: output.errorColors.isColorSupported ? 'cyan' : false,
      // Raw mode would turn Ctrl-C into a key press that a busy process does not see.
      discardStdin: false,
      isEnabled: true,
    })
  }
  const show = (text: string): void => {
    // Not loaded yet, or stopped while it was loading.
    if (spinner === undefined || timer === undefined) return
    if (text === '') {
      spinner.stop()
      return
    }
    spinner.text = output.redact(text)
    spinner.start()
  }

  return {
    start(text) {
      if (timer !== undefined) return
      timer = setInterval(() => show(text()), refresh)
      timer.unref()
      void load().then(() => show(text()))
    },
    stop() {
      clearInterval(timer)
      timer = undefined
      spinner?.stop()
    },
  }
}
