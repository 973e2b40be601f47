/** Of a schema's boxes. Dark text on every fill has a contrast of more than 10 to 1, every line more than 3 to 1. */
export interface SchemaColor {
  fill: string
  line: string
}

/** Neighbours in the list differ most, also for people who see few colours. */
const palette: readonly SchemaColor[] = [
  { fill: '#ddf4ff', line: '#0969da' },
  { fill: '#fff1d6', line: '#9a6700' },
  { fill: '#dafbe1', line: '#1a7f37' },
  { fill: '#ffe3ef', line: '#bf3989' },
  { fill: '#ece4ff', line: '#8250df' },
  { fill: '#ffe9df', line: '#bc4c00' },
  { fill: '#d5f5f2', line: '#0b7a75' },
  { fill: '#e7ecf1', line: '#57606a' },
  { fill: '#f1f5c9', line: '#6a7300' },
  { fill: '#ffe2e0', line: '#cf222e' },
]

/** A colour for every schema, by name, so that the same project always looks alike; they repeat after ten. */
export function colorsOf(schemas: readonly string[]): Map<string, SchemaColor> {
  const colors = new Map<string, SchemaColor>()
  for (const schema of [...new Set(schemas)].toSorted()) {
    const color = palette[colors.size % palette.length]
    if (color !== undefined) colors.set(schema, color)
  }
  return colors
}
