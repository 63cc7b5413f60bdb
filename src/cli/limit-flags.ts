import type { Command } from 'commander';
import type { ServerLimits } from '../core/server-limits.js';
import { defaultLimits } from '../core/server-limits.js';
import { parseDuration } from './parse/duration.js';
import { parseWhole } from './parse/number.js';

/** The flags by which an operator says what others may take: each with the limit that it sets. */
const counts = [
  ['--address-rate <count>', 'addressRate', 'calls a second without membership, from one address'],
  ['--caller-streams <count>', 'callerStreams', 'streams that one caller has open at once'],
  ['--address-connections <count>', 'addressConnections', 'connections at once from one address'],
  ['--connections <count>', 'connections', 'connections at once in all'],
] as const;
const communityCounts = [
  ['--member-rate <count>', 'memberRate', 'calls a second of one member'],
  ['--member-articles-a-day <count>', 'memberArticlesADay', 'articles that one member publishes in a day (UTC)'],
  ['--member-bytes-a-day <bytes>', 'memberBytesADay', 'bytes of articles that one member publishes in a day'],
  ['--peer-rate <count>', 'peerRate', 'calls a second of one linked server'],
] as const;
const durations = [
  ['--request-time <duration>', 'requestMs', 'how long a request may take to arrive'],
  ['--idle-time <duration>', 'idleMs', 'how long a connection without a call stays open'],
  ['--age-time <duration>', 'ageMs', 'how old a connection gets before a new one is asked for'],
] as const;

export interface LimitFlags {
  readonly memberRate?: string;
  readonly memberArticlesADay?: string;
  readonly memberBytesADay?: string;
  readonly peerRate?: string;
  readonly addressRate?: string;
  readonly callerStreams?: string;
  readonly addressConnections?: string;
  readonly connections?: string;
  readonly requestTime?: string;
  readonly idleTime?: string;
  readonly ageTime?: string;
}

/** Adds the flags of a registry, or those of a community as well. */
export function addLimits(command: Command, community: boolean): Command {
  for (const [flag, limit, what] of community ? [...communityCounts, ...counts] : counts)
    command.option(flag, `${what}, or off (default: ${defaultLimits[limit]})`);
  for (const [flag, limit, what] of durations)
    command.option(flag, `${what} (default: ${defaultLimits[limit] / 1000}s)`);
  return command;
}

/** @throws UsageError naming the flag. */
export function limitsOf(flags: LimitFlags): Partial<ServerLimits> {
  const given: Partial<Record<keyof ServerLimits, number>> = {};
  for (const [flag, limit] of [...communityCounts, ...counts]) {
    const text = flags[limit];
    if (text !== undefined) given[limit] = parseCount(flag.replace(/ .*/, ''), text);
  }
  const { requestTime, idleTime, ageTime } = flags;
  if (requestTime !== undefined) given.requestMs = parseDuration('--request-time', requestTime);
  if (idleTime !== undefined) given.idleMs = parseDuration('--idle-time', idleTime);
  if (ageTime !== undefined) given.ageMs = parseDuration('--age-time', ageTime);
  return given;
}

function parseCount(flag: string, text: string): number {
  return text === 'off' ? Number.POSITIVE_INFINITY : parseWhole(flag, text, 1, Number.MAX_SAFE_INTEGER);
}
