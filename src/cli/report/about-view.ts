import type { ViewName } from '../../project/view.ts'

/** The message without the view's name at its start, for places that have named the view already. */
export function withoutView(view: ViewName, message: string): string {
  return message.startsWith(`${view}: `) ? message.slice(view.length + 2) : message
}

/** The message with the view's name, wherever in it that stands. */
export function aboutView(view: ViewName, message: string): string {
  return message.includes(view) ? message : `${view}: ${message}`
}
