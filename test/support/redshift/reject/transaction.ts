import { Rejection } from '../rejection.ts'
import { findOutside, matches, type Token } from '../sql/token.ts'
import type { Context } from '../translate/context.ts'

/** What Redshift runs outside of a transaction only, and `lock`, which has to come alone and first. */
export function checkTransaction(tokens: readonly Token[], context: Context): void {
  if (context.inTransaction) {
    for (const [phrase, name] of [
      ['vacuum', 'VACUUM'],
      ['create database', 'CREATE DATABASE'],
      ['drop database', 'DROP DATABASE'],
    ] as const) {
      if (matches(tokens, 0, ...phrase.split(' '))) throw insideTransaction(name)
    }
    if (matches(tokens, 0, 'alter', 'table')) {
      if (findOutside(tokens, ['append from'], 2) < tokens.length)
        throw insideTransaction('ALTER TABLE APPEND')
      const altered = findOutside(tokens, ['alter'], 2)
      if (altered < tokens.length && findOutside(tokens, ['type'], altered) < tokens.length) {
        throw insideTransaction('ALTER TABLE ALTER COLUMN')
      }
    }
  }
  if (!matches(tokens, 0, 'lock')) return
  if (!context.alone) throw misplacedLock('has to be a query of its own')
  if (context.transactionBegun) throw misplacedLock('has to come first in its transaction')
}

function insideTransaction(name: string): Rejection {
  return new Rejection('25001', `${name} cannot run inside a transaction block`)
}

/** Redshift lets such a lock come too late; a test has to notice. */
function misplacedLock(reason: string): Rejection {
  return new Rejection('0A000', `the stand-in for Redshift runs no LOCK here: it ${reason}`)
}
