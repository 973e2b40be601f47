export interface Annotation {
  level: 'error' | 'warning' | 'notice'
  message: string
  title?: string | undefined
  /** Relative to the root of the repository, with `/`. */
  file?: string | undefined
  line?: number | null | undefined
  column?: number | null | undefined
}

/** A workflow command that marks a place in the changed files: `::error file=a.sql,line=3,col=14,title=t::message`. */
export function formatAnnotation({ level, message, title, file, line, column }: Annotation): string {
  const properties = Object.entries({ file, line, col: column, title })
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
    .join(',')
  return `::${level}${properties === '' ? '' : ` ${properties}`}::${escapeData(message)}`
}

/** As the runner's own toolkit does it; the percent sign first. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/** Text that the runner takes for no command, whatever names and messages it holds. */
export function defuseCommands(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, '$1: ').replaceAll('##[', '## [')
}
