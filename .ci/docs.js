// Writes what `duro --help` says of each command into README.md, between its markers; with --check it only looks.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const readme = new URL('../README.md', import.meta.url)
const program = fileURLToPath(new URL('../bin/duro.js', import.meta.url))
const begin = '<!-- commands: written by `npm run docs` -->'
const end = '<!-- /commands -->'

/** @param {string[]} args */
function help(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' },
  })
  if (status !== 0) throw new Error(`duro ${args.join(' ')} --help: ${stderr}`)
  return stdout.trimEnd()
}

/** The global options stand in the first block, once for all commands. */
function commands() {
  const whole = help()
  const list = whole.slice(whole.indexOf('Commands:')).split('\n').slice(1)
  const names = list.flatMap((line) => /^ {2}(\w+)/.exec(line)?.[1] ?? []).filter((name) => name !== 'help')
  const blocks = names.map((name) => `### duro ${name}\n${block(help(name).split('\n\nGlobal Options:')[0])}`)
  return [block(whole), ...blocks].join('\n')
}

/** @param {string | undefined} text */
function block(text) {
  return `\n\`\`\`text\n${text}\n\`\`\`\n`
}

const text = readFileSync(readme, 'utf8')
const [from, to] = [text.indexOf(begin), text.indexOf(end)]
if (from < 0 || to < from) throw new Error(`README.md has lost its markers, ${begin} and ${end}`)
const written = `${text.slice(0, from + begin.length)}\n${commands()}\n${text.slice(to)}`
if (written !== text && process.argv.includes('--check')) {
  process.stderr.write('README.md does not say what duro --help says: `npm run docs` writes it.\n')
  process.exitCode = 1
} else if (written !== text) {
  writeFileSync(readme, written)
}
