import type { SourceLocation } from '../../../errors.ts'
import type { NamedView, View, ViewName } from '../../../project/view.ts'
import { formatAddress, quoteLiteral, type Address } from '../../../sql/identifiers.ts'
import { locate } from '../../../sql/locate.ts'
import { scan } from '../../../sql/postgres/scan.ts'
import type { ViewToBuild } from '../../builder.ts'
import { readBonds } from '../catalog/bonds.ts'
import type { Session } from '../connection/session.ts'
import { addressOf } from '../places.ts'
import { readIds } from './read-ids.ts'
import { aimedSelect, selectOf } from './select-of.ts'
import { findUnseenNames, type UnseenName } from './unseen-names.ts'
import { withProbes, type Probe } from './with-probes.ts'

export interface LocatedName {
  kind: UnseenName['kind']
  location: SourceLocation
}

/** A place at which the server takes for a view what duro does not see. */
export interface FoundName {
  view: ViewName
  to: ViewName
  /** Whether it is only the type of its rows, or of arrays of them. */
  isType: boolean
  name: LocatedName
}

/** A view, and those whose live versions it may name: it reads them, or is bound to them. */
export interface NamingView {
  input: ViewToBuild
  live: readonly NamedView[]
}

/**
 * Where views name a live one in a way that duro does not see. They may read one that stays properly as well, so that to be
 * bound to it says nothing; and when it is replaced nobody tries them again. Each text that could be such a name is
 * exchanged for the name of a marker: what then hangs on the marker takes it for one, and nothing else has changed.
 */
export async function findNamed(
  session: Session,
  views: readonly NamingView[],
): Promise<readonly FoundName[]> {
  const suspects = await keepLive(session, views.flatMap(suspectsOf))
  if (suspects.length === 0) return []
  return (await withProbes(session, suspects.map(probeOf), (probes) => readFound(session, probes))) ?? []
}

interface Suspect {
  view: View
  /** The statement in which it stands, as it is run. */
  text: string
  unseen: UnseenName
  to: NamedView
  location: SourceLocation
}

function suspectsOf({ input, live }: NamingView): Suspect[] {
  const { view } = input
  const select = aimedSelect(input)
  if (select === null || live.length === 0) return []
  const { path, text, statement } = selectOf(view)
  const tokens = scan(select.text)
  const seen = new Set(statement.references.map(({ span }) => span.start))
  return live.flatMap((to) =>
    findUnseenNames(tokens, to.name)
      .map((unseen) => ({ unseen, start: select.toSource(unseen.start) }))
      .filter(({ unseen, start }) => unseen.kind === 'array type' || !seen.has(start))
      .map(({ unseen, start }): Suspect => {
        const location = { file: path, ...locate(text, start) }
        return { view, text: select.text, unseen, to, location }
      }),
  )
}

/** Those that lead to the live view: the search path, or another type of that name, may lead elsewhere. */
async function keepLive(session: Session, suspects: readonly Suspect[]): Promise<readonly Suspect[]> {
  if (suspects.length === 0) return []
  const rows = await session.query<{ isLive: boolean }>(
    `select coalesce(to_regclass(live)::oid = case kind
       when 'string' then to_regclass(written)::oid
       else (select t.typrelid from pg_type t where t.typarray = to_regtype(written)) end, false) as "isLive"
     from unnest($1::text[], $2::text[], $3::text[]) with ordinality as suspect(kind, written, live, place) order by place`,
    [
      suspects.map(({ unseen }) => unseen.kind),
      suspects.map(({ unseen }) => unseen.written),
      suspects.map(({ to }) => formatAddress(addressOf(to, 'live'))),
    ],
  )
  return suspects.filter((_, index) => rows[index]?.isLive === true)
}

interface NameProbe extends Probe {
  suspect: Suspect
  address: Address
  marker: Address
}

function probeOf(suspect: Suspect, index: number): NameProbe {
  const { schema } = addressOf(suspect.view, 'new')
  const address = { schema, name: `duro_trial_naming_${index}` }
  const marker = { schema, name: `duro_trial_named_${index}` }
  return {
    suspect,
    address,
    marker,
    create:
      `create view ${formatAddress(marker)} as select 1 as n;\n` +
      `create view ${formatAddress(address)} as\n${exchanged(suspect, marker)}`,
  }
}

function exchanged({ text, unseen: { kind, span } }: Suspect, { schema, name }: Address): string {
  const written =
    kind === 'string'
      ? quoteLiteral(formatAddress({ schema, name }))
      : formatAddress({ schema, name: `_${name}` })
  return text.slice(0, span.start) + written + text.slice(span.end)
}

async function readFound(session: Session, probes: readonly NameProbe[]): Promise<readonly FoundName[]> {
  const ids = await readIds(
    session,
    probes.flatMap(({ address, marker }) => [address, marker]),
  )
  const idOf = (address: Address): number => ids.get(formatAddress(address)) ?? 0
  const bonds = await readBonds(
    session,
    probes.map(({ address }) => idOf(address)),
    probes.map(({ marker }) => idOf(marker)),
  )
  const isType = new Map(bonds.map((bond) => [bond.relation, bond.isType]))
  return probes.flatMap(({ suspect: { view, unseen, to, location }, address }) => {
    const found = isType.get(idOf(address))
    const name = { kind: unseen.kind, location }
    return found === undefined ? [] : [{ view: view.name, to: to.name, isType: found, name }]
  })
}
