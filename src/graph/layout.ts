import type { ViewName } from '../project/view.ts'

export interface Size {
  width: number
  height: number
}

export interface Point {
  x: number
  y: number
}

/** A view's box, by its middle. */
export type Box = Size & Point

/** Where everything lies, from the upper left corner. */
export interface Layout extends Size {
  boxes: ReadonlyMap<ViewName, Box>
  edges: readonly { from: ViewName; to: ViewName; points: readonly Point[] }[]
}

/** Between boxes of one layer, between a box and a line, between two lines, and between layers. */
export const gap = { beside: 14, beyond: 9, lines: 5, between: 70 }
