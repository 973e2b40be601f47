/** A number in the decimal form of the server, its digits in groups of three: `1,234,567.89`; other text stays. */
export function formatNumber(text: string): string {
  const parts = /^([+-]?)(\d+)(\.\d+)?$/.exec(text)
  if (parts === null) return text
  const [, sign = '', digits = '', fraction = ''] = parts
  return `${sign}${digits.replace(/\B(?=(?:\d{3})+$)/g, ',')}${fraction}`
}

/** `1 view`, `1,234 rows`. */
export function formatCount(count: number | bigint, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(String(count))} ${Number(count) === 1 ? singular : plural}`
}
