import type { Registration, UsingRows } from '../../builder.ts'
import type { SessionPool } from '../../session-pool.ts'
import type { Session } from '../connection/session.ts'
import type { UsingUpload } from '../upload.ts'

/** What all views of one run share. */
export interface BuildContext {
  runId: string
  workers: SessionPool<Session>
  /** Idle, for cancelling. */
  control: Session
  usingRows: UsingRows
  /** Null: nobody said where loads may wait. */
  usingUpload: UsingUpload | null
  /** Tables that duro did not make may be replaced. */
  replaceTables: boolean
  register: (relation: Registration) => string
}
