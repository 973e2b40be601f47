import picocolors from 'picocolors'

/** Functions that colour text, or leave it alone where colours are off. */
export type Colors = ReturnType<typeof picocolors.createColors>

export function createColors(enabled: boolean): Colors {
  return picocolors.createColors(enabled)
}

/** For files, logs and everything else that is not a terminal. */
export const noColors: Colors = createColors(false)
