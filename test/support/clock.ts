/** A clock that stands still until it is moved. */
export interface TestClock {
  /** For the option `clock` of a command. */
  now: () => Date
  /** @param hours may be a fraction */
  advance(hours: number): void
}

export function testClock(start: string): TestClock {
  let time = new Date(start).getTime()
  return {
    now: () => new Date(time),
    advance: (hours) => void (time += hours * 3_600_000),
  }
}
