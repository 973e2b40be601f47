export const graphFormats = ['tree', 'mermaid', 'dot', 'svg'] as const

export interface GraphOptions {
  exclude?: string[]
  format: (typeof graphFormats)[number]
}
