/** @param entryPoints paths of modules @param outdir removed first */
export function bundle(entryPoints: readonly string[], outdir: string): Promise<void>
