import { parseTopic } from '../../core/topic.js';
import { typed } from '../parse/refused.js';
import { publishedLine } from '../render/json-lines.js';
import type { Session } from '../session.js';
import { UsageError, usage } from '../usage.js';
import { type Acting, type RoleParts, runRole } from './role.js';
import type { RoleFlags } from './role-flags.js';
import { parseTimedCommand, type TimedCommand } from './timed-command.js';

export interface PublisherFlags extends RoleFlags {
  readonly topic: string;
}

/** Publishes what the file says and what is typed; each article is acknowledged when it is on the community's disk. */
export function runPublisher(session: Session, flags: PublisherFlags): Promise<void> {
  typed('--topic', () => parseTopic(flags.topic, '--topic'));
  return runRole(session, 'publisher', flags, 'PUB: ', async (parts) => publishing(session, parts, flags.topic));
}

function publishing(session: Session, { community, typing, file }: RoleParts, topic: string): Acting {
  return {
    run: async (command) => {
      if (command.verb !== 'pub') throw usage('command', `a publisher has no ${command.verb}`);
      const draft = { topic: command.topic, body: command.words };
      const published = await community.publish(draft, { signal: typing.signal });
      await session.give(publishedLine(published));
      await typing.print(`${published.held ? 'HELD' : 'OK'} ${published.id}\n`);
    },
    parse: (line) => (file ? parseTimedCommand(line, 'publisher', 'keyboard') : spoken(line, topic)),
    close: async () => undefined,
  };
}

/** Without a file every line goes out as it is, but for one that is a whole command of a file. */
function spoken(line: string, topic: string): TimedCommand | undefined {
  if (line.trim() === '') return undefined;
  try {
    const command = parseTimedCommand(line, 'publisher', 'file');
    if (command) return command;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
  return { afterMs: 0, command: { verb: 'pub', topic, words: line } };
}
