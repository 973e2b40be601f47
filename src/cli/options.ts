import { InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../project/duration.ts'

export const waitOption = (): Option =>
  new Option('--wait <duration>', 'wait for another run to end, such as 10m').argParser(durationArgument)

export const timeoutOption = (): Option =>
  new Option('--timeout <duration>', 'end the run when it has not published by then, such as 2h').argParser(
    (text: string): number => {
      const duration = durationArgument(text)
      if (duration > 0) return duration
      throw new InvalidArgumentError('It must be longer than nothing.')
    },
  )

function durationArgument(text: string): number {
  const duration = parseDuration(text)
  if (duration === null) throw new InvalidArgumentError('It looks like 30s, 10m or 2h.')
  return duration
}

export const countOption = (flags: string, description: string, least = 1): Option =>
  new Option(flags, description).argParser((text: string): number => {
    const count = Number(text)
    if (Number.isSafeInteger(count) && count >= least) return count
    throw new InvalidArgumentError(`It is a whole number from ${least} on.`)
  })
