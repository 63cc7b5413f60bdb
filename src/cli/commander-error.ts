import type { CommanderError } from 'commander';
import { nearMisses } from '../core/near-miss.js';
import { type UsageError, usage } from './usage.js';

const choice = /^option '(--[\w-]+)[^']*' argument '(.*)' is invalid\. Allowed choices are (.+)\.$/s;

/**
 * What commander refuses, in our words, with the one thing to try that is the likeliest. It says what is wrong in its message alone: the flag or argument stands there in
 * quotes, and what may have been meant after a line break.
 */
export function fromCommander(
  error: CommanderError,
  command: string | undefined,
  commands: readonly string[],
): UsageError {
  const [what = '', meant] = error.message.replace(/^error: /, '').split('\n');
  const [, flag = '', value = '', list = ''] = choice.exec(what) ?? [];
  if (list !== '') return usage(flag, `${flag} "${value}" is not one of ${list}`, `${flag} ${likeliest(value, list)}`);
  const help = command === undefined ? 'moot --help' : `moot ${command} --help`;
  const quoted = /'(--?[\w-]+|[\w-]+)/.exec(what)?.[1];
  if (error.code === 'commander.unknownCommand') {
    const [near] = nearMisses(quoted ?? '', commands);
    return usage('command', what, near === undefined ? help : `moot ${near}`);
  }
  const near = /Did you mean (?:one of )?([\w-]+)/.exec(meant ?? '')?.[1];
  const at = quoted !== undefined && error.code !== 'commander.excessArguments' ? quoted : 'arguments';
  return usage(at, what, near ?? help);
}

function likeliest(value: string, list: string): string {
  const choices = list.split(', ');
  return nearMisses(value, choices)[0] ?? choices[0] ?? '';
}
