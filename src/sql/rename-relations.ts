import { cutIdentifier, maxRedshiftIdentifierBytes, quoteIdentifier, type Address } from './identifiers.ts'
import type { MeantRelation, Naming, Qualifier, Reference, Span } from './parser.ts'

/** Something to be written in the place of something. */
export interface Edit {
  span: Span
  written: string
}

/** What a relation that got another name is known by in the statement. */
interface Alias {
  name: string
  /** Where it has to be put. */
  at: number
}

/**
 * Completes the exchange of references where an address has another name than its relation: such a relation gets its
 * old name as an alias, `first.cities__duro_new as cities`, and what stands before its columns becomes that alias. Two
 * relations may have the same name in one `from`, or one behind the other; they are then told apart by other aliases.
 * @param edits the exchanged references
 * @param addresses what they are exchanged for
 */
export function renameRelations(
  edits: readonly Edit[],
  naming: Naming,
  addresses: ReadonlyMap<Reference, Address>,
): Edit[] {
  const qualifiers = naming.qualifiers.flatMap((qualifier) => {
    const meant = meantBy(qualifier, addresses)
    return meant === undefined ? [] : [{ qualifier, ...meant }]
  })
  const aliases = chooseAliases(naming, qualifiers, addresses)
  const renamed = qualifiers.flatMap(({ qualifier: { span, reference }, relation }) => {
    const name = aliases.get(relation)?.name
    if (name === undefined || (reference === null && name === relation.name)) return []
    return [{ span, written: quoteIdentifier(name) }]
  })
  const exchanged = new Set(renamed.map(({ span }) => span.start))
  const kept = edits.filter(({ span }) => !exchanged.has(span.start))
  return withAliases([...kept, ...renamed], aliases).toSorted((a, b) => a.span.start - b.span.start)
}

/**
 * The relation that a qualifier means. An unqualified relation in sight may be that of the qualifier, or another of the
 * same name further out; which it is shows in what they are exchanged for.
 */
function meantBy(
  { reference, meant }: Qualifier,
  addresses: ReadonlyMap<Reference, Address>,
): MeantRelation | undefined {
  if (reference === null) return meant[0]
  const wanted = addresses.get(reference)
  return meant.find(({ relation }) => {
    const address = addresses.get(relation)
    if (relation.schema !== null) return true
    return address?.schema === wanted?.schema && address?.name === wanted?.name
  })
}

function chooseAliases(
  naming: Naming,
  qualifiers: readonly MeantRelation[],
  addresses: ReadonlyMap<Reference, Address>,
): ReadonlyMap<Reference, Alias> {
  const aliases = new Map<Reference, Alias>()
  const taken = new Set(naming.taken)
  const hidden = new Set(qualifiers.filter((each) => each.hidden).map(({ relation }) => relation))
  for (const { relation, aliasAt, alone } of naming.unaliased) {
    const address = addresses.get(relation)
    if (address === undefined || address.name === relation.name) continue
    const name =
      alone && !hidden.has(relation) ? relation.name : freeName(address.schema, relation.name, taken)
    taken.add(name)
    aliases.set(relation, { name, at: aliasAt })
  }
  return aliases
}

/** An alias that nothing in the statement is called: `first_cities`, or `first_cities_2`. */
function freeName(schema: string, name: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count += 1) {
    const end = count === 1 ? '' : `_${count}`
    const free = cutIdentifier(`${schema}_${name}`, maxRedshiftIdentifierBytes - end.length) + end
    if (!taken.has(free)) return free
  }
}

/** An alias that stands right behind its relation is written with it, else a space would be between them twice. */
function withAliases(edits: readonly Edit[], aliases: ReadonlyMap<Reference, Alias>): Edit[] {
  const byEnd = new Map([...aliases].map(([relation, alias]) => [relation.span.start, alias]))
  return edits.flatMap(({ span, written }) => {
    const alias = byEnd.get(span.start)
    if (alias === undefined) return [{ span, written }]
    const clause = ` as ${quoteIdentifier(alias.name)}`
    if (alias.at === span.end) return [{ span, written: written + clause }]
    return [
      { span, written },
      { span: { start: alias.at, end: alias.at }, written: clause },
    ]
  })
}
