import type { ViewName } from '../../project/view.ts'
import { formatAddress, quoteIdentifier } from '../../sql/identifiers.ts'
import type { Dependent } from './catalog/dependents.ts'
import type { Session } from './connection/session.ts'
import { quoteRedshiftLiteral } from '../../sql/redshift/quote-literal.ts'

/** What stands in the way of a swap, and what a person can do about it. */
export interface Obstacle {
  message: string
  hint: string
  isMissingRight?: true
}

/** The user that duro connects as. */
export interface Role {
  name: string
  isSuper: boolean
}

export async function readRole(session: Session): Promise<Role> {
  const [row] = await session.query<{ name: string }>('select current_user as name')
  const name = row?.name ?? ''
  const [user] = await session.query<{ is_super: boolean }>(
    `select usesuper as is_super from pg_user where usename = ${quoteRedshiftLiteral(name)}`,
  )
  return { name, isSuper: user?.is_super ?? false }
}

/** Null: the dependent can be bound to the new version, by this role. */
export function obstacleOf(dependent: Dependent, view: ViewName, role: Role): Obstacle | null {
  const name = formatAddress(dependent)
  if (dependent.isNative) {
    return {
      message: `the materialized view ${name} depends on ${view}, and could never be refreshed again`,
      hint: 'Put its select into a file of this folder, or let it read something else.',
    }
  }
  if (dependent.owner === role.name || role.isSuper) return null
  return {
    message: `view ${name} depends on ${view}, and duro may not make it again on the new version: it belongs to ${dependent.owner}`,
    hint:
      `Let an administrator run: alter table ${name} owner to ${quoteIdentifier(role.name)}\n` +
      'Or make it anew with no schema binding: then it follows by itself.',
    isMissingRight: true,
  }
}
