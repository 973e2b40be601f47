import { DuroError, ProblemsError, ProgramError, SqlError, type Problem } from '../../errors.ts'
import type { ViewName } from '../../project/view.ts'
import type { Colors } from '../colors.ts'
import { errorsIn } from '../errors-in.ts'
import { withoutView } from './about-view.ts'
import { formatSnippet } from './format-snippet.ts'
import { indent } from './format-table.ts'
import { printable } from './text-width.ts'

export interface ErrorFormat {
  /** The width to which quoted lines are cut. */
  columns?: number | undefined
  /** Stack traces, for the developers of duro. */
  debug?: boolean | undefined
  /** Errors that were printed before; a cause among them is not printed again. */
  known?: { has(error: unknown): boolean } | undefined
  /** Below a line that says already that this view failed: no label, and the name not again. */
  below?: ViewName | undefined
}

/** Everything that a person needs to know about an error, as lines without a last line break. */
export function formatError(error: unknown, colors: Colors, format: ErrorFormat = {}): string {
  return errorLines(error, colors, format).join('\n')
}

function errorLines(error: unknown, colors: Colors, format: ErrorFormat): string[] {
  const problems = error instanceof ProblemsError ? problemLines(error.problems, colors) : []
  const { below } = format
  const [first = '', ...more] = messageOf(error).split('\n')
  const labelledFirst = isInterruption(error)
    ? colors.bold(first)
    : `${colors.bold(colors.red('error:'))} ${colors.bold(first)}`
  return [
    ...problems,
    below === undefined ? labelledFirst : colors.red(withoutView(below, first)),
    ...indent(more),
    ...indent(evidenceLines(error, colors, format)),
    ...causeLines(error, colors, format),
    ...hintLines(error, colors),
    ...bugLines(error, colors, format),
  ]
}

/** Each as `file:line:column  message`, in the given order, with its hint below. */
function problemLines(problems: readonly Problem[], colors: Colors): string[] {
  return problems.flatMap(({ file, line, column, message, hint }) => {
    const place = formatPlace(file, line, column)
    const [first = '', ...more] = printable(message, 'line breaks and tabs').split('\n')
    const hints = hint === undefined ? [] : indent(labelled('hint', hint, colors))
    return [`${colors.cyan(place)}  ${first}`, ...indent(more), ...hints]
  })
}

/** `views/first/cities.sql:3:14`, as editors and terminals understand it. */
export function formatPlace(file: string, line?: number | null, column?: number | null): string {
  const numbers = [line, column].filter((number) => typeof number === 'number')
  return [printable(file), ...numbers].join(':')
}

/** What a program printed; what the server said beyond its message, and where in the user's text. */
function evidenceLines(error: unknown, colors: Colors, format: ErrorFormat): string[] {
  if (error instanceof ProgramError && error.output !== '') return labelled('output', error.output, colors)
  if (!(error instanceof SqlError)) return []
  const { location, detail } = error
  const place =
    location === undefined
      ? []
      : [
          colors.cyan(formatPlace(location.file, location.line, location.column)),
          ...indent(formatSnippet(location, colors, (format.columns ?? 100) - 4)),
        ]
  return [...place, ...(detail === undefined ? [] : labelled('detail', detail, colors))]
}

/** Causes and joined errors, as far as each one says something that those before did not. */
function causeLines(error: unknown, colors: Colors, format: ErrorFormat): string[] {
  let said = messageOf(error)
  return [...errorsIn(error)].slice(1).flatMap((cause) => {
    if (format.known?.has(cause) === true) return []
    const message = messageOf(cause)
    const isNew = !said.includes(message)
    if (isNew) said += `\n${message}`
    return [
      ...(isNew ? indent(labelled('cause', message, colors)) : []),
      ...indent(evidenceLines(cause, colors, format)),
      ...(isNew ? hintLines(cause, colors) : []),
    ]
  })
}

function hintLines(error: unknown, colors: Colors): string[] {
  if (!(error instanceof DuroError) || error.hint === undefined) return []
  return indent(labelled('hint', error.hint, colors))
}

function bugLines(error: unknown, colors: Colors, { debug }: ErrorFormat): string[] {
  if (debug === true && error instanceof Error && error.stack !== undefined) {
    return indent(error.stack.split('\n').slice(1)).map((line) => colors.dim(line))
  }
  if (error instanceof DuroError && error.code !== 'internal') return []
  return indent(labelled('hint', 'this is a bug in duro; set DURO_DEBUG=1 for the stack', colors))
}

/** `hint: one line`, further lines below the first one's text. */
function labelled(label: string, text: string, colors: Colors): string[] {
  const [first = '', ...more] = printable(text, 'line breaks and tabs').trimEnd().split('\n')
  const padding = ' '.repeat(label.length + 2)
  return [`${colors.dim(`${label}:`)} ${first}`, ...more.map((line) => padding + line)]
}

/** The message; node's connection errors have none of their own, but join one per address. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error), 'line breaks and tabs')
  const joined = error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : ''
  return printable(error.message || joined || error.name, 'line breaks and tabs')
}

function isInterruption(error: unknown): boolean {
  return error instanceof DuroError && error.code === 'interrupted'
}
