export interface RecordFormat {
  csv: boolean
  quote: string
  delimiter: string
}

/** Splits text into records: in CSV, a line break within quotes does not end one. */
export function splitRecords(text: string, { csv, quote }: RecordFormat): string[] {
  const records: string[] = []
  let isQuoted = false
  let begin = 0
  for (let at = 0; at < text.length; at++) {
    if (csv && text[at] === quote) isQuoted = !isQuoted
    if (text[at] !== '\n' || isQuoted) continue
    records.push(text.slice(begin, text[at - 1] === '\r' ? at - 1 : at))
    begin = at + 1
  }
  if (begin < text.length) records.push(text.slice(begin))
  return records
}

export function readFields(record: string, { csv, quote, delimiter }: RecordFormat): string[] {
  if (!csv) return record.split(delimiter)
  const fields = ['']
  let isQuoted = false
  for (let at = 0; at < record.length; at++) {
    const character = record[at] ?? ''
    const last = fields.length - 1
    if (character === quote && isQuoted && record[at + 1] === quote) {
      fields[last] += quote
      at++
    } else if (character === quote) isQuoted = !isQuoted
    else if (character === delimiter && !isQuoted) fields.push('')
    else fields[last] += character
  }
  return fields
}
