import type { ViewName } from '../../project/view.ts'

/** The message without what it begins with, for places that have said already which view failed. */
export function withoutView(view: ViewName, message: string): string {
  const beginning = [`${view}: `, `${view} could not be built: `].find((each) => message.startsWith(each))
  return message.slice(beginning?.length ?? 0)
}

/** The message with the view's name, wherever in it that stands. */
export function aboutView(view: ViewName, message: string): string {
  return message.includes(view) ? message : `${view}: ${message}`
}
