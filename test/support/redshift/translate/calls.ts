import { closing, isName, made, matches, splitAt, type Token } from '../sql/token.ts'

/**
 * Writes a call anew.
 * @param args already translated
 * @param behind as it was written: what belongs to the call is to be translated
 */
export type CallTranslation = (
  args: Token[][],
  name: Token,
  behind: readonly Token[],
  translate: (tokens: readonly Token[]) => Token[],
) => Written

export interface Written {
  tokens: Token[]
  /** How many of the tokens behind the call are part of it. */
  used?: number
}

/** Translates calls from the inside out. */
export function translateCalls(
  tokens: readonly Token[],
  translations: ReadonlyMap<string, CallTranslation>,
): Token[] {
  const written: Token[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (token === undefined) break
    const translation = isCall(tokens, at) ? translations.get(token.value) : undefined
    if (translation === undefined) {
      written.push(token)
      continue
    }
    const close = closing(tokens, at + 1)
    const inside = tokens.slice(at + 2, close)
    const args =
      inside.length === 0 ? [] : splitAt(inside, ',').map((arg) => translateCalls(arg, translations))
    const behind = tokens.slice(close + 1)
    const result = translation(args, token, behind, (more) => translateCalls(more, translations))
    written.push(...result.tokens)
    at = close + (result.used ?? 0)
  }
  return written
}

/** Tokens of arguments, with commas between them. */
export function list(args: readonly (readonly Token[])[]): Token[] {
  return args.flatMap((arg, n) => (n === 0 ? [...arg] : [made(',', arg[0], ''), ...arg]))
}

/** `name(args)` */
export function call(name: string, place: Token, args: readonly (readonly Token[])[]): Token[] {
  return [made(`${name}(`, place, place.before), ...list(args), made(')', place, '')]
}

function isCall(tokens: readonly Token[], at: number): boolean {
  return isName(tokens[at]) && matches(tokens, at + 1, '(') && !matches(tokens, at - 1, '.')
}
