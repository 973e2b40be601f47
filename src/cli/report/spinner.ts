import type { Ora } from 'ora'
import type { Output } from '../output.ts'

/** The one line at the bottom of the terminal that moves. */
export interface Spinner {
  /** Shows what the function returns, asked again and again as time passes; nothing while it returns ''. */
  start(text: () => string): void
  /** Looks at the text now, so that no line is drawn again that has become old. */
  update(): void
  stop(): void
}

/** Milliseconds between two looks at the text; ora turns its wheel on its own. */
const refresh = 100

/** A spinner of ora, which is loaded when it is first needed: most commands never do. */
export function createSpinner(output: Output): Spinner {
  let source: (() => string) | undefined
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
    update()
  }
  const update = (): void => {
    // Not loaded yet, or stopped while it was loading.
    if (spinner === undefined || source === undefined) return
    const text = source()
    spinner.text = output.redact(text)
    if (text === '') spinner.stop()
    else spinner.start()
  }

  return {
    start(text) {
      source = text
      timer ??= setInterval(update, refresh).unref()
      void load()
    },
    update,
    stop() {
      clearInterval(timer)
      timer = undefined
      source = undefined
      spinner?.stop()
    },
  }
}
