import { markTargets } from '../mark-targets.ts'
import { parametersIn } from '../parameters-in.ts'
import { SqlSyntaxError, type ParsedStatement, type SqlParser } from '../parser.ts'
import { firstTokenFrom, type Token } from '../token.ts'
import { type Chain, chainAt, readName } from './chains.ts'
import { type Grammar, loadGrammar } from './grammar.ts'
import { literalReferences } from './literal-references.ts'
import { normaliseFolded } from './normalise-folded.ts'
import { mask, refusedInQueries } from './mask.ts'
import { resolveNames } from './name-resolution.ts'
import { plainNames } from './plain-names.ts'
import { quoteRedshiftLiteral } from './quote-literal.ts'
import { readStatement } from './read-statement.ts'
import { refuseRubbish, refuseUnlessQuery } from './refuse-rubbish.ts'
import { scan } from './scan.ts'
import { tableAttributesOf } from './table-attributes.ts'
import { walkStatement } from './walk-statement.ts'

/**
 * The grammar of Redshift. It takes more than the server does, such as `lateral` and `filter`, which the server then
 * refuses when the view is built.
 */
export async function loadRedshiftParser(): Promise<SqlParser> {
  const grammar = await loadGrammar()
  return {
    parse: (text) => statementsOf(scan(text)).map((tokens) => parseStatement(grammar, text, tokens)),
  }
}

const isNoComment = ({ kind }: Token): boolean => kind !== 'comment'

/** The tokens of each statement, with the comments that are within it. */
function statementsOf(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [[]]
  for (const token of tokens) {
    if (token.text === ';') statements.push([])
    else statements.at(-1)?.push(token)
  }
  return statements.flatMap((statement) => {
    const first = statement.findIndex(isNoComment)
    return first < 0 ? [] : [statement.slice(first, statement.findLastIndex(isNoComment) + 1)]
  })
}

function parseStatement(grammar: Grammar, text: string, all: readonly Token[]): ParsedStatement {
  const tokens = all.filter(isNoComment)
  const span = { start: all[0]?.start ?? 0, end: all.at(-1)?.end ?? 0 }
  refuseRubbish(text, tokens)
  const refused = new Set([...refusedInQueries(text, tokens), ...tableAttributesOf(tokens)])
  const masked = mask(text, span, all, { refused, plain: new Set(plainNames(tokens)) })
  const statement = readStatement(grammar.parse(masked, tokens))
  if (statement.kind === 'select') refuseUnlessQuery(tokens)

  const walk = walkStatement(statement.read, (offset) => chainAt(tokens, span.start + offset))
  // A relation that is not seen would be a dependency that is not kept.
  if (!walk.isComplete)
    throw new SqlSyntaxError('cannot tell which relations the statement names', span.start)
  const { references, ways, ...naming } = resolveNames(walk, (chain) => aliasPlace(tokens, chain))
  const target = statement.target === null ? null : span.start + statement.target
  const named = markTargets(references, target)
  return {
    span,
    kind: statement.kind === 'select' && walk.writes ? 'other' : statement.kind,
    references: [...named, ...literalReferences(tokens)].toSorted((a, b) => a.span.start - b.span.start),
    parameters: parametersIn(tokens),
    normalised: normaliseFolded(tokens),
    ways,
    naming: { ...naming, taken: namesIn(tokens), quoteLiteral: quoteRedshiftLiteral },
  }
}

/** Behind a relation's name, and behind the star that may follow it. */
function aliasPlace(tokens: readonly Token[], { ends }: Chain): number {
  const end = ends.at(-1) ?? 0
  const behind = tokens[firstTokenFrom(tokens, end)]
  return behind?.text === '*' ? behind.end : end
}

function namesIn(tokens: readonly Token[]): ReadonlySet<string> {
  return new Set(tokens.flatMap(({ kind, text }) => (kind === 'name' ? [readName(text)] : [])))
}
