import { describe, expect, it } from 'vitest'
import { buildGraph } from '../../../src/graph/build-graph.ts'
import { drawDot } from '../../../src/graph/draw-dot.ts'
import { drawMermaid } from '../../../src/graph/draw-mermaid.ts'
import { drawTree } from '../../../src/graph/draw-tree.ts'
import { subgraph } from '../../../src/graph/subgraph.ts'
import { makeProject, type ViewSketch } from './make-project.ts'

const graph = buildGraph(
  makeProject({
    'first.cities': {},
    'first.countries': {},
    'first.shops': { reads: ['first.cities', 'first.countries'] },
    'first.people': { reads: ['first.shops'] },
    'first.taxes': { reads: ['first.cities'] },
  }),
)
const labels = new Map([['first.shops', '1h']])

describe('drawTree', () => {
  it('puts readers under what they read, and theirs only once', () => {
    expect(drawTree(graph, labels)).toBe(
      `
first.cities
├─ first.shops 1h
│  └─ first.people
└─ first.taxes
first.countries
└─ first.shops ↑`.slice(1),
    )
  })

  it('takes a chain of 10,000 views', () => {
    const chain: Record<string, ViewSketch> = {}
    for (let i = 0; i < 10_000; i++) chain[`d.v${i}`] = i === 0 ? {} : { reads: [`d.v${i - 1}`] }
    expect(drawTree(buildGraph(makeProject(chain)))).toContain('└─ d.v9999')
  })
})

describe('drawMermaid', () => {
  it('draws arrows where the data goes', () => {
    expect(drawMermaid(graph, labels)).toBe(
      `
flowchart LR
  v1["first.cities"]
  v2["first.countries"]
  v3["first.shops<br>1h"]
  v4["first.taxes"]
  v5["first.people"]
  v1 --> v3
  v1 --> v4
  v2 --> v3
  v3 --> v5`.slice(1),
    )
  })

  it('escapes what Mermaid would read as markup', () => {
    expect(drawMermaid(buildGraph(makeProject({ 'a.b "c" <d> #1': {} })))).toContain(
      'v1["a.b #34;c#34; #60;d#62; #35;1"]',
    )
  })
})

describe('drawDot', () => {
  it('draws arrows where the data goes', () => {
    expect(drawDot(subgraph(graph, new Set(['first.cities', 'first.shops'])), labels)).toBe(
      String.raw`
digraph duro {
  rankdir=LR;
  node [shape=box, fontname="sans-serif"];
  "first.cities";
  "first.shops" [label="first.shops\n1h"];
  "first.cities" -> "first.shops";
}`.slice(1),
    )
  })

  it('escapes quotes and backslashes', () => {
    expect(drawDot(buildGraph(makeProject({ 'a.b"\\c': {} })))).toContain(String.raw`"a.b\"\\c";`)
  })
})

describe('subgraph', () => {
  it('keeps the views, and the edges between them', () => {
    const part = subgraph(graph, new Set(['first.cities', 'first.people', 'first.taxes']))
    expect(part.order).toEqual(['first.cities', 'first.taxes', 'first.people'])
    expect(part.downstream.get('first.cities')).toEqual(new Set(['first.taxes']))
    expect(part.upstream.get('first.people')).toEqual(new Set())
  })
})
