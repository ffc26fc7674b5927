/** The command line: one file per command. This one parses, tells errors and sets the exit code. */
import { Command, CommanderError } from 'commander';
import { flattenError, LabError, type FlatError } from '../../../src-worker/contract/errors.ts';
import { version } from '../../installation.ts';
import { benchCommand } from './bench.ts';
import { checkCommand } from './check.ts';
import { checkpointsCommand } from './checkpoints.ts';
import { datasetsCommand } from './datasets.ts';
import { experimentCommand } from './experiment.ts';
import { experimentsCommand } from './experiments.ts';
import { forkCommand } from './fork.ts';
import { gradcheckCommand } from './gradcheck.ts';
import { exitCodeHelp, exitCodeOfError, exitCodes, type ExitCode } from '../exit-codes.ts';
import { inspectCommand } from './inspect.ts';
import { kindsCommand } from './kinds.ts';
import { lintCommand } from './lint.ts';
import { presetsCommand } from './presets.ts';
import { replayCommand } from './replay.ts';
import { resumeCommand } from './resume.ts';
import { runsCommand } from './runs.ts';
import { serveCommand } from './serve.ts';
import { showCommand } from './show.ts';
import { visible } from './terminal.ts';
import { trainCommand } from './train.ts';
import { verifyCommand } from './verify.ts';

function makeProgram(): Command {
  const program = new Command('caviar')
    .description('An offline lab for deep learning: train networks, keep every run, compare them.')
    .version(version)
    .addCommand(trainCommand((code) => (process.exitCode = code)))
    .addCommand(resumeCommand((code) => (process.exitCode = code)))
    .addCommand(replayCommand((code) => (process.exitCode = code)))
    .addCommand(forkCommand((code) => (process.exitCode = code)))
    .addCommand(checkpointsCommand())
    .addCommand(experimentCommand((code) => (process.exitCode = code)))
    .addCommand(experimentsCommand())
    .addCommand(checkCommand((code) => (process.exitCode = code)))
    .addCommand(lintCommand())
    .addCommand(inspectCommand())
    .addCommand(runsCommand())
    .addCommand(showCommand())
    .addCommand(presetsCommand())
    .addCommand(kindsCommand())
    .addCommand(datasetsCommand())
    .addCommand(serveCommand())
    .addCommand(benchCommand())
    .addCommand(verifyCommand((code) => (process.exitCode = code)))
    .addCommand(gradcheckCommand((code) => (process.exitCode = code)))
    .addHelpText(
      'after',
      `
First steps:
  caviar train fashion-5-layer     train a network on small pictures of clothes
  caviar experiment optimizers     train five optimizers side by side and compare them
  caviar runs                      find it again
  caviar serve                     look at it in a browser; “npm start” opens the desktop window
${exitCodeHelp}`
    );
  for (const command of withSubcommands(program))
    command.exitOverride().configureOutput({ writeErr: () => undefined, outputError: () => undefined });
  return program;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** Errors go to stderr: a sentence for people and, with --json, one JSON line for programs. */
function tell({ code, message, details }: FlatError): void {
  process.stderr.write(`caviar: ${visible(message)}\n`);
  if (process.argv.includes('--json'))
    process.stderr.write(`${JSON.stringify({ type: 'error', code, message, details })}\n`);
}

/** Commander throws to end after --help and --version, too; those have exit code 0. */
function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.ok;
    const message = error.message.replace(/^error: /, '');
    tell({ code: 'invalid_argument', message: `${message} See caviar --help.`, details: { reason: error.code } });
    return exitCodes.badInput;
  }
  const flat = flattenError(error);
  tell(flat);
  if (!(error instanceof LabError) && process.env.CAVIAR_DEBUG) process.stderr.write(`${(error as Error).stack}\n`);
  return exitCodeOfError(flat.code);
}

// A reader that has seen enough (`caviar runs | head`) is no error; `train` listens for it and stops.
process.stdout.on('error', () => undefined);

try {
  const program = makeProgram();
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
