/** The value of a variable; undefined when it is not set. */
export type Lookup = (name: string) => string | undefined

export interface Expansion {
  text: string
  /** The variables without a value, and where in the text they are named. */
  unset: { name: string; index: number }[]
}

/** Fills in every `${VAR}`. Nothing else is special, so a password may hold any `$`. */
export function expandVariables(text: string, lookup: Lookup): Expansion {
  const unset: Expansion['unset'] = []
  const expanded = text.replace(/\$\{([^{}]*)\}/g, (whole, name: string, index: number) => {
    const value = lookup(name)
    if (value === undefined) unset.push({ name, index })
    return value ?? whole
  })
  return { text: expanded, unset }
}

/** The process's environment, and behind it what `.env` says. A variable that is empty counts as not set. */
export function variablesOf(
  env: Readonly<NodeJS.ProcessEnv>,
  dotenv: Readonly<Record<string, string>>,
): Lookup {
  // CI systems hand out secrets that do not exist as empty variables.
  return (name) => own(env, name) || own(dotenv, name) || undefined
}

function own(variables: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined
}

/** What is said of a variable that has no value. */
export function unsetVariable(name: string): { message: string; hint: string } {
  return { message: `\${${name}} is not set`, hint: 'Set it in the environment or in .env.' }
}
