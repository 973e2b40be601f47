import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Where a folder stands in its Git repository. */
export interface Revision {
  commit: string
  /** Whether something in it is not as in that commit. */
  dirty: boolean
}

/** Milliseconds; a repository on a drive that hangs must not keep a run from beginning. */
const patience = 5000

/** What hooks of git are given about their own repository, and a refresh that one of them starts inherits. */
const aboutAnother = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY']

/**
 * The commit of the repository that a project lies in, and whether what makes its views was changed since.
 * Null where there is no git, no repository, no commit, or no right to look at it.
 * @param paths relative to the project's root: the folder of views, and duro.yaml
 */
export async function readRevision(root: string, paths: readonly string[]): Promise<Revision | null> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !aboutAnother.includes(name)))
  const git = async (...args: string[]): Promise<string> => {
    // No lock that a person's own git would wait for, and no helper that the repository's settings name.
    const guarded = ['--no-optional-locks', '-c', 'core.fsmonitor=false', ...args]
    const { stdout } = await promisify(execFile)('git', guarded, { cwd: root, env, timeout: patience })
    return stdout.trim()
  }
  try {
    const [commit, changes] = await Promise.all([
      git('rev-parse', '--verify', 'HEAD'),
      git('status', '--porcelain', '--', ...paths),
    ])
    return { commit, dirty: changes !== '' }
  } catch {
    return null
  }
}
