import { OWN_SETTINGS, settingOf } from '../reject/settings.ts'
import { made, matches, type Token } from '../sql/token.ts'
import { hiddenStep, visibleStep, type Step } from './step.ts'

/** Redshift's own settings have a place in PostgreSQL where their values can be kept. */
export function settings(tokens: readonly Token[]): Step[] | null {
  const setting = settingOf(tokens)
  if (setting === null || !OWN_SETTINGS.has(setting.value)) return null
  const name = `redshift_stand_in.${setting.value}`
  const renamed = tokens.map((token) => (token === setting ? made(name, token, token.before) : token))
  if (!matches(tokens, 0, 'show')) return [visibleStep(renamed)]
  return [
    hiddenStep(`select set_config('${name}', coalesce(current_setting('${name}', true), ''), false)`),
    visibleStep(renamed),
  ]
}
