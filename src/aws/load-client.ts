import { DuroError } from '../errors.ts'

/**
 * Loads packages of AWS, which are installed only where npm was not told to leave out what is optional.
 * @param load the dynamic import of them
 * @throws DuroError naming the packages when they are not installed
 */
export async function loadClient<T>(packages: readonly string[], load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error
    const names = packages.join(' and ')
    throw new DuroError('usage', `${names} ${packages.length > 1 ? 'are' : 'is'} not installed`, {
      hint: `Install it where duro is installed: npm install ${packages.join(' ')}`,
      cause: error,
    })
  }
}
