import { applyFixture } from '../../demo/apply-fixture.ts'
import { countEvents } from '../../demo/count-events.ts'
import { startReaders, type Tally } from '../../demo/readers.ts'
import { usingPortal, type Portal } from '../../demo/using-portal.ts'
import { DuroError } from '../../errors.ts'
import type { Shell } from '../command.ts'
import { createNarrator, type Narrator } from '../demo/narrator.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatCount } from '../report/format-count.ts'
import { planCommand } from './plan.ts'
import { refreshCommand } from './refresh.ts'

export interface DemoOptions {
  /** How many donations. */
  scale: number
}

const leaderboard = 'leaderboard.*'

/** A session with the real commands. Done when everything came as told. */
export async function demoCommand(shell: Shell, { scale }: DemoOptions): Promise<number> {
  if (shell.options.json || shell.options.quiet) {
    throw new DuroError('usage', 'a demo is there to be watched: it takes neither --json nor --quiet')
  }
  const narrator = createNarrator(shell)
  const { signal } = shell
  const onNotice = (message: string): void => shell.reporter.emit({ type: 'notice', message })
  narrator.chapter('A server, and data to build from')
  await usingPortal({ scale, signal, onStep: narrator.say, onNotice }, async (portal) => {
    narrator.say(`Puts ten views into ${portal.root}`)
    await showFirstRefresh(narrator, portal)
    const readers = startReaders(portal.url, 2)
    let tally: Tally
    try {
      narrator.say('From now on two readers read three views, again and again.')
      await showNewData(narrator, portal)
      await showBadData(narrator, portal)
    } finally {
      tally = await readers.stop()
    }
    tellOfReaders(narrator, tally)
  })
  narrator.chapter('What next?')
  narrator.say('The server is stopped, and its folder removed.')
  narrator.table([
    ['duro init shop', 'begins a project of yours, which works at once'],
    ['duro help', 'lists the commands'],
  ])
  return exitCodes.done
}

async function showFirstRefresh(narrator: Narrator, portal: Portal): Promise<void> {
  narrator.chapter('What would a refresh do? Nothing is there yet')
  await narrator.duro(portal, 'plan', exitCodes.done, (shell) => planCommand(shell, [], {}))

  narrator.chapter('A refresh: all is built, tested, and published in one transaction')
  await narrator.duro(portal, 'refresh', exitCodes.done, (shell) => refreshCommand(shell, [], { swap: true }))
}

async function showNewData(narrator: Narrator, portal: Portal): Promise<void> {
  narrator.chapter('A day later there are new donations, and one has got its right price')
  await applyFixture(portal.indexerUrl, 'grants/setup/04_new_donations.sql')
  narrator.say('The views are still fresh: --force rebuilds them all the same.')
  narrator.say('At the end stand the totals that moved, before and after.')
  await narrator.duro(portal, 'refresh --force', exitCodes.done, (shell) =>
    refreshCommand(shell, [], { swap: true, force: true }),
  )
}

async function showBadData(narrator: Narrator, portal: Portal): Promise<void> {
  narrator.chapter('A partner reports events without addresses, and they are imported')
  portal.events.breakThem()
  narrator.say('The leaderboard is built with them, and fails its test.')
  const before = await countEvents(portal.url)
  await narrator.duro(portal, `refresh '${leaderboard}'`, exitCodes.failed, (shell) =>
    refreshCommand(shell, [leaderboard], { swap: true }),
  )
  const after = await countEvents(portal.url)
  if (after !== before) throw astray(`the leaderboard had ${before} events and has ${after}`)
  narrator.say(`Exit code 1. The leaderboard still has the ${formatCount(after, 'event')} it had before.`)
}

function tellOfReaders(narrator: Narrator, { reads, errors, empty, mixed }: Tally): void {
  narrator.chapter('What did the readers see of all this?')
  narrator.table([
    [formatCount(reads, 'read')],
    [formatCount(errors.length, 'error'), ...errors.slice(0, 1)],
    [formatCount(empty, 'empty view')],
    [formatCount(mixed, 'read'), 'of one view from before a swap and another from after it'],
  ])
  if (errors.length + empty + mixed > 0) throw astray('readers noticed something')
}

function astray(what: string): DuroError {
  return new DuroError('internal', `the demo did not go as told: ${what}`)
}
