import type { Command } from 'commander';
import { nearMisses } from '../../core/near-miss.js';
import type { Io } from '../io.js';
import { type UsageError, usage } from '../usage.js';
import { configured, optionsOf, variableOf } from './layers.js';

const prefix = 'MOOT_';
/** A secret has no flag: others on the machine could read it there. */
const secret = 'MOOT_OPERATOR_TOKEN';
/** For the tests of this program; it reads none of them itself. */
const forTests = 'MOOT_TEST_';

/** @returns what is wrong with the first variable that begins as ours do and is none: it would otherwise be passed over. */
export function strangeVariable(program: Command, env: Io['env']): UsageError | undefined {
  const known = [secret, ...variablesOf(program)];
  const strange = Object.keys(env)
    .filter((name) => name.startsWith(prefix) && !name.startsWith(forTests) && !known.includes(name))
    .sort();
  const [name] = strange;
  if (name === undefined) return undefined;
  const near = meant(name, known);
  const hint = near.length === 0 ? `unset ${name}` : near.join(' or ');
  return usage(name, `the variable ${name} is set, which moot does not know`, hint);
}

const tables = configured.map((command) => `${prefix}${command.toUpperCase()}_`);
const tableOf = (name: string): string => tables.find((start) => name.startsWith(start)) ?? prefix;

/** What it may have been meant for: one of the same command; else what is called so of the commands, or of all of them. */
function meant(name: string, known: readonly string[]): readonly string[] {
  const own = tableOf(name);
  const end = name.slice(own.length);
  const nearIn = (table: string): readonly string[] => {
    const ends = known.filter((one) => one.startsWith(table)).map((one) => one.slice(table.length));
    return nearMisses(end, ends)
      .slice(0, 1)
      .map((near) => `${table}${near}`);
  };
  const near = nearIn(own);
  return near.length > 0 ? near : (own === prefix ? tables : [prefix]).flatMap(nearIn);
}

function variablesOf(program: Command): readonly string[] {
  const commands = program.commands.filter((command) => configured.some((name) => name === command.name()));
  return [program, ...commands].flatMap((command) => optionsOf(command).map((option) => variableOf(command, option)));
}
