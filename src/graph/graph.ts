import type { Address } from '../sql/identifiers.ts'
import type { ViewName } from '../project/view.ts'

/** The views and what they read. */
export interface Graph {
  /** Every view, upstream first; among equals by name. */
  order: readonly ViewName[]
  /** The views that a view reads itself. Every view has an entry. */
  upstream: ReadonlyMap<ViewName, ReadonlySet<ViewName>>
  /** The views that read a view themselves. Every view has an entry. */
  downstream: ReadonlyMap<ViewName, ReadonlySet<ViewName>>
  /** The relations that a view reads and duro does not manage. Every view has an entry. */
  sources: ReadonlyMap<ViewName, readonly SourceReference[]>
}

/** A relation that is read and not managed. */
export interface SourceReference extends Omit<Address, 'schema'> {
  /** Null: not qualified, the server looks along the search path. */
  schema: string | null
}
