import * as z from 'zod'

/** A page of a result, as far as it is used here; https://docs.dune.com has all of it. */
export const duneResult = z.object({
  execution_id: z.string(),
  state: z.string(),
  execution_ended_at: z.string().nullish(),
  error: z
    .union([
      z.string(),
      z.object({ message: z.string().nullish() }).transform(({ message }) => message ?? ''),
    ])
    .nullish(),
  /** Absent on the last page. */
  next_offset: z.number().nullish(),
  result: z
    .object({
      rows: z.array(z.record(z.string(), z.unknown())),
      metadata: z.object({
        column_names: z.array(z.string()).nullish(),
        total_row_count: z.number().nullish(),
      }),
    })
    .nullish(),
})

export type DuneResult = z.output<typeof duneResult>
