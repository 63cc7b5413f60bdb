import { type Command, Option } from 'commander';
import type { Level } from './daemon-log.js';

/** How a program that stays says what happens. */
export interface LogFlags {
  readonly logFormat: 'text' | 'json';
  readonly logLevel?: Level;
  readonly verbose?: boolean;
}

export function addLogFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--log-format <format>', 'how stderr says what happens: for people, or one JSON object a line')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addOption(
      new Option(
        '--log-level <level>',
        'from where on (default: warn; info with --verbose, debug with --debug)',
      ).choices(['debug', 'info', 'warn', 'error']),
    );
}
