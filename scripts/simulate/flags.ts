import { parseDuration } from '../../src/cli/parse/duration.js';
import { parseWhole } from '../../src/cli/parse/number.js';
import { usage } from '../../src/cli/usage.js';
import { limits } from '../../src/core/limits.js';

/** What `npm run simulate` was asked for. */
export interface Flags {
  readonly servers: number;
  readonly links: number;
  readonly rttMs: number;
  /** Share of the servers, 0 to 1. */
  readonly failures: number;
  readonly fanOut: number;
  readonly seed: number;
  readonly json: boolean;
  /** The folder to draw the curves in. */
  readonly svg: string | undefined;
}

const byDefault: Readonly<Record<string, string>> = {
  '--servers': '1000',
  '--links': '4',
  '--rtt': '20ms',
  '--failures': '5%',
  '--fan-out': String(limits.fanOutDefault),
  '--seed': '7',
  '--svg': '',
};

/** A graph of more needs more memory than is promised. */
const mostServers = 20_000;
const mostLinks = 1000;
const mostAsked = 200_000;
const mostRttMs = 500;

/** @throws UsageError naming the flag. */
export function parseFlags(args: readonly string[]): Flags {
  const typed = new Map(Object.entries(byDefault));
  let json = false;
  const words = args.flatMap((arg) =>
    /^--[a-z-]+=/.test(arg) ? [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)] : [arg],
  );
  for (let at = 0; at < words.length; at += 1) {
    const flag = words[at] ?? '';
    if (flag === '--json') {
      json = true;
      continue;
    }
    if (!typed.has(flag)) throw usage(flag, `${flag} is not known here`, `${[...typed.keys()].join(', ')} or --json`);
    at += 1;
    const value = words[at];
    if (value === undefined) throw usage(flag, `${flag} needs a value`);
    typed.set(flag, value);
  }
  const of = (flag: string): string => typed.get(flag) ?? '';
  const flags = {
    servers: parseWhole('--servers', of('--servers'), 1, mostServers),
    links: parseWhole('--links', of('--links'), 1, mostLinks),
    rttMs: parseRtt('--rtt', of('--rtt')),
    failures: parseShare('--failures', of('--failures')),
    fanOut: parseWhole('--fan-out', of('--fan-out'), 1, limits.fanOut),
    seed: parseWhole('--seed', of('--seed'), 0, 2 ** 31 - 1),
    json,
    svg: of('--svg') === '' ? undefined : of('--svg'),
  };
  const asked = flags.servers * Math.min(flags.links, flags.servers - 1);
  if (asked > mostAsked)
    throw usage(
      '--links',
      `--servers ${flags.servers} with --links ${flags.links} are ${asked} links`,
      `at most ${mostAsked} in all`,
    );
  return flags;
}

function parseRtt(flag: string, text: string): number {
  const rttMs = parseDuration(flag, text);
  if (rttMs > mostRttMs)
    throw usage(
      flag,
      `${flag} ${text} is too long: a server that is silent for a second is taken to be lost`,
      `at most ${mostRttMs}ms`,
    );
  return rttMs;
}

/** `5%`. */
function parseShare(flag: string, text: string): number {
  const percent = /^\d{1,3}(\.\d{1,3})?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
  if (!(percent <= 100)) throw usage(flag, `${flag} must be a share from 0% to 100%, not "${text}"`);
  return percent / 100;
}
