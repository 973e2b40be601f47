import { createHash } from 'node:crypto'
import type { View } from '../project/view.ts'
import type { Definition } from './plan.ts'

/**
 * What is asked of every new version of a view: its data tests and its totals, as a fingerprint; null: nothing is. It
 * makes the view no other relation, and tells whether its questions were ever asked as they are written now.
 */
export function questionsFingerprint({ tests, settings }: View): string | null {
  const asked = [
    (tests?.statements ?? []).map(({ normalised }) => normalised),
    settings.tests,
    Object.entries(settings.totals),
  ]
  if (asked.every((each) => each.length === 0)) return null
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 16)
}

const key = 'questions: '

/**
 * The settings of a definition as the state tables keep them, with the fingerprint of its questions behind.
 * @param fits whether the column can hold a text
 */
export function storedSettings(
  { settings, questions = null }: Definition,
  fits: (text: string) => boolean,
): string {
  const whole = questions === null ? settings : `${settings}\n${key}${questions}`
  return fits(whole) ? whole : settings
}

/** A definition as the state tables keep it: earlier versions wrote down nothing about questions. */
export function readDefinition(stored: Pick<Definition, 'sql' | 'settings'>): Definition {
  const lines = stored.settings.split('\n')
  const last = lines.at(-1)
  if (last?.startsWith(key) !== true) return stored
  return { ...stored, settings: lines.slice(0, -1).join('\n'), questions: last.slice(key.length) }
}
