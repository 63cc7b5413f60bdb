import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.js';

/** Every example in the help of `moot` and of each of its commands, as it stands there. */
export function helpExamples(): readonly string[] {
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const runner = () => async () => undefined;
  const program = createProgram({ version: '0.0.0', runner, print });
  for (const command of [program, ...program.commands.filter((one: Command) => !one.name().startsWith('__'))])
    command.outputHelp();
  const lines = printed.join('').split('\n');
  return [...new Set(lines.filter((line) => line.startsWith('  $ ')).map((line) => line.slice(4)))];
}
