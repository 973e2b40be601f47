import type { ViewSettings } from '../../../project/view-settings.ts'

/** How large a new version is: what its statistics cost depends on it. */
export type Extent = 'small' | 'middling' | 'large'

/** @param size in bytes */
export function extentOf(size: number): Extent {
  const megabytes = size / 1024 / 1024
  return megabytes < 16 ? 'small' : megabytes < 256 ? 'middling' : 'large'
}

/**
 * Statistics for those who read or test the new version in this run: without them the planner knows nothing. Full ones
 * cost nothing where there is little, and little where there is much. In between they would take their time beside the
 * rows: there a tenth of the sample does, and the rest comes with the upkeep.
 */
export function firstStatistics(relation: string, extent: Extent): string[] {
  return extent === 'middling'
    ? ["select set_config('default_statistics_target', '10', true)", `analyze ${relation}`]
    : [`analyze ${relation}`]
}

/**
 * What a new version needs after that. A REFRESH sets no visibility bits, and without them no scan is index-only; a
 * frozen COPY sets them. The server has made room for more pages than were needed: what is small gives them back before
 * anybody reads it. Where views of the run read it already, VACUUM would wait for them with that, seconds long.
 */
export function upkeep(
  relation: string,
  extent: Extent,
  { materialized, isRead }: Pick<ViewSettings, 'materialized'> & { isRead: boolean },
): string[] {
  if (materialized === 'none') return []
  const options = [...(extent === 'middling' ? ['analyze'] : []), ...(isRead ? ['truncate off'] : [])]
  if (materialized === 'view')
    return [options.length === 0 ? `vacuum ${relation}` : `vacuum (${options.join(', ')}) ${relation}`]
  return extent === 'middling' ? [`analyze ${relation}`] : []
}
