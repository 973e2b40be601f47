import { describe, expect, it } from 'vitest'
import { buildGraph } from '../../../src/graph/build-graph.ts'
import { drawSvg } from '../../../src/graph/draw-svg.ts'
import { layoutGraph } from '../../../src/graph/layout-graph.ts'
import { smoothLine } from '../../../src/graph/smooth-line.ts'
import { makeProject, type ViewSketch } from './make-project.ts'

const draw = (sketches: Readonly<Record<string, ViewSketch>>, title = 'shop') => {
  const project = makeProject(sketches)
  return drawSvg({
    graph: buildGraph(project),
    views: project.views,
    labels: new Map([['first.shops', '1h']]),
    title,
  })
}

const five = {
  'first.cities': { materialized: 'table' },
  'first.countries': {},
  'first.shops': { reads: ['first.cities', 'first.countries'] },
  'second.people': { reads: ['first.shops'], materialized: 'none' },
  'second.alone': {},
} as const

describe('drawSvg', () => {
  it('is the same every time, and needs nothing from outside', async () => {
    const svg = await draw(five)
    expect(await draw(five)).toBe(svg)
    expect(svg).not.toMatch(/<script|<image|<foreignObject|@import|@font-face|href=/)
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toContain('://')
  })

  it('has the title, every view, every read and the kinds', async () => {
    const svg = await draw(five)
    expect(svg).toContain('<title>shop: 5 views</title>')
    for (const name of Object.keys(five)) expect(svg).toContain(`<title>${name}</title>`)
    expect(svg.match(/class="edge"/g)).toHaveLength(3)
    expect(svg).toContain('<title>second.people reads first.shops</title>')
    for (const text of ['first · 1h', 'materialized view', 'table', 'plain view']) {
      expect(svg).toContain(`>${text}</text>`)
    }
  })

  it('escapes names, and cuts long ones, which the tooltip has whole', async () => {
    const long = 'x'.repeat(63)
    const svg = await draw({ [`a.<b> & "c" 'd'`]: {}, [`a.${long}`]: {} }, '</svg>')
    expect(svg).toContain(`<title>a.&#60;b&#62; &#38; &#34;c&#34; &#39;d&#39;</title>`)
    expect(svg).toContain('&#60;/svg&#62;: 2 views')
    expect(svg).toContain(`<title>a.${long}</title>`)
    expect(svg).toContain(`>${'x'.repeat(43)}…</text>`)
  })

  it('refuses what would take minutes, and says what to do instead', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `first.v${index}`)
    const tangle = Object.fromEntries(names.map((name, index) => [name, { reads: names.slice(0, index) }]))
    await expect(draw(tangle)).rejects.toMatchObject({
      code: 'usage',
      message: '60 views that read each other so much are no picture',
      hint: expect.stringContaining('Choose some of them'),
    })
  })

  it('draws one view, and none', async () => {
    expect(await draw({ 'a.a': {} })).toContain('shop: 1 view<')
    expect(await draw({})).toContain('shop: 0 views')
  })
})

describe('layoutGraph', () => {
  /** Everyone reads some of the views before, near and far. */
  const many = Object.fromEntries(
    Array.from({ length: 120 }, (_, index): [string, ViewSketch] => [
      `a.v${index}`,
      {
        reads: [1, 7, 40]
          .filter((back) => back <= index && index % 5 !== 0)
          .map((back) => `a.v${index - back}`),
      },
    ]),
  )

  it('puts every view to the right of what it reads, and no box on another', async () => {
    const graph = buildGraph(makeProject(many))
    const size = { width: 80, height: 40 }
    const { boxes, edges, width, height } = await layoutGraph(
      graph,
      new Map(graph.order.map((name) => [name, size])),
    )
    const all = [...boxes.values()]
    expect(all).toHaveLength(120)
    const overlapping = all.filter((a, index) =>
      all.slice(index + 1).some((b) => Math.abs(a.x - b.x) < 79 && Math.abs(a.y - b.y) < 39),
    )
    expect(overlapping).toEqual([])
    const backwards = edges.filter(({ from, to }) => (boxes.get(from)?.x ?? 0) >= (boxes.get(to)?.x ?? 0))
    expect(backwards).toEqual([])
    expect(all.filter(({ x, y }) => x < 40 || y < 20 || x > width - 40 || y > height - 20)).toEqual([])
  })

  it('lets no line run through a box that it has nothing to do with', async () => {
    const graph = buildGraph(makeProject(many))
    const sizes = new Map(
      graph.order.map((name, index) => [name, { width: 60 + (index % 7) * 20, height: 40 }]),
    )
    const { boxes, edges } = await layoutGraph(graph, sizes)
    const struck = edges.flatMap(({ from, to, points }) =>
      [...boxes].filter(
        ([name, box]) =>
          name !== from &&
          name !== to &&
          points.some(
            ({ x, y }) => Math.abs(x - box.x) < box.width / 2 && Math.abs(y - box.y) < box.height / 2,
          ),
      ),
    )
    expect(struck).toEqual([])
  })
})

describe('smoothLine', () => {
  it('leaves and arrives level, and swings over no point', () => {
    const path = smoothLine([
      { x: 0, y: 0 },
      { x: 30, y: 30 },
      { x: 60, y: 30 },
      { x: 90, y: 10 },
    ])
    expect(path).toBe('M0,0C10,0 20,30 30,30C40,30 50,30 60,30C70,30 80,10 90,10')
  })
})
