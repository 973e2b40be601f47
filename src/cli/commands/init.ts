import type { AddCommand } from '../add-command.ts'

export const addInit: AddCommand = (program, run) => {
  program
    .command('init')
    .summary('begin a project that works at once')
    .description(
      'Writes a small project into the folder: settings, two views, a test. It works at once, on an embedded PostgreSQL.\nNo file that exists is touched.',
    )
    .argument('[folder]', 'made where it is missing; default: this one')
    .action((folder: string | undefined) =>
      run(async (shell) => {
        const { initCommand } = await import('../actions/init.ts')
        return initCommand(shell, folder)
      }),
    )
}
