import type { Fields } from './protocol/fields.ts'
import { longNames } from './translate/lexis.ts'
import { PLACE, stepSql, type Step } from './translate/step.ts'

/** An error of PostgreSQL's as Redshift tells it: places are those in the client's text, and no inner works show. */
export function explainError(fields: Fields, sql: string, steps: readonly Step[]): Fields {
  const told: Fields = new Map(fields)
  for (const { short, long } of steps.flatMap((step) => longNames(step.tokens))) {
    for (const letter of ['M', 'D', 'H', 't', 'c']) {
      const written = told.get(letter)
      if (written !== undefined) told.set(letter, written.replaceAll(short, long))
    }
  }
  const marked = told.get('c')
  if (marked?.startsWith(PLACE)) {
    told.delete('c')
    told.set('P', String(characters(sql.slice(0, Number(marked.slice(PLACE.length)))) + 1))
  } else {
    const position = told.get('P')
    told.delete('P')
    const start = position === undefined ? null : findPlace(Number(position), steps)
    if (start !== null) told.set('P', String(characters(sql.slice(0, start)) + 1))
  }
  const context = told.get('W')
  if (context !== undefined && /inline_code_block|redshift_stand_in/.test(context)) {
    // The place and the text of what ran inside are no business of the client's.
    for (const letter of ['W', 'p', 'q']) told.delete(letter)
  }
  const bytes = /^redshift_stand_in_bytes_(\d+)_/.exec(told.get('n') ?? '')
  if (bytes !== null) {
    for (const letter of ['n', 's', 't', 'D']) told.delete(letter)
    told.set('C', '22001')
    told.set('M', `value too long for type character varying(${bytes[1]})`)
  }
  const message = told.get('M')
  if (message !== undefined) told.set('M', message.replaceAll('redshift_stand_in.', ''))
  return told
}

/** @param position as PostgreSQL counts: characters of all that was sent, from 1 */
function findPlace(position: number, steps: readonly Step[]): number | null {
  let offset = position - 1
  for (const step of steps) {
    const length = characters(stepSql(step))
    if (offset < length) return findInStep(offset, step)
    offset -= length + ';\n'.length
  }
  return null
}

function findInStep(place: number, step: Step): number | null {
  let offset = place
  for (const token of step.tokens) {
    offset -= characters(token.before)
    const length = characters(token.text)
    if (offset < length) return token.end > token.start || token.start > 0 ? token.start : null
    offset -= length
  }
  return null
}

/** PostgreSQL counts code points, JavaScript UTF-16 units. */
function characters(part: string): number {
  return Array.from(part).length
}
