export const graphFormats = ['tree', 'mermaid', 'dot'] as const

export interface GraphOptions {
  exclude?: string[]
  format: (typeof graphFormats)[number]
}
