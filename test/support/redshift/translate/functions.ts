import { isName, made, matches, type Token } from '../sql/token.ts'

/** Redshift's functions that the stand-in brings along. */
const OWN = new Set(['getdate', 'version'])

/** Calls the stand-in's own functions where Redshift's are called. */
export function translateFunctions(tokens: readonly Token[]): Token[] {
  return tokens.map((token, at) => {
    if (
      token.kind === 'word' &&
      token.value === 'sysdate' &&
      !matches(tokens, at + 1, '(') &&
      !isQualified(tokens, at)
    ) {
      return made('redshift_stand_in.sysdate()', token, token.before)
    }
    if (!isName(token) || !OWN.has(token.value) || !matches(tokens, at + 1, '(') || isQualified(tokens, at))
      return token
    return { ...token, text: `redshift_stand_in.${token.value}` }
  })
}

function isQualified(tokens: readonly Token[], at: number): boolean {
  return matches(tokens, at - 1, '.') || matches(tokens, at - 1, 'as')
}
