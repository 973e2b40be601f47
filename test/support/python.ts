import { execFileSync } from 'node:child_process'

/** Whether there is a Python 3 that can make venvs. */
export const hasPython = succeeds('python3', ['-c', 'import venv, sys; assert sys.version_info >= (3, 8)'])

/** What scripts need of the environment to be found, and to find packages behind a proxy. */
export const pathOnly: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(PATH|HOME|PIP_.*|.*_PROXY|.*_proxy|SSL_CERT_.*|REQUESTS_CA_BUNDLE|PYENV_.*)$/.test(name),
  ),
)

function succeeds(file: string, args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore', timeout: 60_000 })
    return true
  } catch {
    return false
  }
}
