export interface ColorWishes {
  /** `--no-color` was given. */
  noColor?: boolean | undefined
}

/**
 * Whether a stream gets colours. A refusal wins over a demand: first `--no-color` and `NO_COLOR`,
 * then `FORCE_COLOR` (where `0` and `false` refuse as well), then whether a terminal listens.
 */
export function chooseColor(
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
  wishes: ColorWishes = {},
): boolean {
  if (wishes.noColor === true || isSet(env['NO_COLOR'])) return false
  const force = env['FORCE_COLOR']
  if (isSet(force)) return force !== '0' && force !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
