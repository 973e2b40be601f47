/** @param entryPoints paths of modules @param outdir holds nothing else afterwards */
export function bundle(entryPoints: readonly string[], outdir: string): Promise<void>
