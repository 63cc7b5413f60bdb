import { join } from 'node:path';
import { isMootError, MootError } from '../../core/errors.js';
import { exit, sayFailure } from '../failure.js';
import { HistoryFile } from '../live/history-file.js';
import { openTyping, type Typing } from '../live/typing.js';
import type { Session } from '../session.js';
import { UsageError } from '../usage.js';
import { completion } from './completion.js';
import { Connection } from './connection.js';
import { forms, parseShellCommand, type ShellCommand, verbs } from './shell-command.js';

const meanings: Readonly<Record<(typeof verbs)[number], string>> = {
  CONNECT: 'become a member under that name, or come back under it; port may be HOST:PORT or the name of a community',
  PUBLISH: 'publish an article; OK says that it is on the disk there',
  SUBSCRIBE: 'show what is published of the topic, or below it, from now on',
  UNSUBSCRIBE: 'no longer',
  STATUS: 'where you are connected, your topics and how many are subscribed to each',
  DISCONNECT: 'leave, and forget the subscriptions',
  HELP: 'this list; so does -h',
  QUIT: 'end; the same name gets its subscriptions back, and what came meanwhile',
};
const noPrompt = 'moot> ';

/** The commands of `script`, then what is typed, until QUIT. What fails is said, and the next command is read. */
export async function runShell(session: Session, script: readonly string[]): Promise<void> {
  const history = new HistoryFile(join(session.settings.home, 'shell-history'));
  const topics = new Set<string>();
  const typing = openTyping(session, {
    prompt: noPrompt,
    history: await history.read(),
    complete: completion(() => topics),
  });
  const shell = new Shell(session, typing, topics);
  try {
    await shell.run(script, history);
  } catch (error) {
    if (!typing.signal.aborted || !isMootError(error)) throw error;
  } finally {
    await shell.close();
    typing.close();
  }
  if (typing.signal.aborted) session.status = exit.interrupted;
}

class Shell {
  private connection: Connection | undefined;

  constructor(
    private readonly session: Session,
    private readonly typing: Typing,
    private readonly topics: Set<string>,
  ) {}

  async run(script: readonly string[], history: HistoryFile): Promise<void> {
    for (const line of script) if (await this.isLast(line)) return;
    for await (const line of this.typing) {
      if (this.typing.isTerminal) await history.add(line);
      if (await this.isLast(line)) return;
    }
  }

  async close(): Promise<void> {
    await this.connection?.close();
  }

  /** Does what a line says. @returns whether it is the last. */
  private async isLast(line: string): Promise<boolean> {
    try {
      const command = parseShellCommand(line);
      if (command) await this.perform(command);
      return command?.verb === 'QUIT' || this.typing.signal.aborted;
    } catch (error) {
      const isRefusal = error instanceof UsageError || isMootError(error);
      if (!isRefusal || this.typing.signal.aborted) throw error;
      await this.typing.complain(sayFailure(this.session.settings, error));
      return false;
    }
  }

  private async perform(command: ShellCommand): Promise<void> {
    const { typing } = this;
    switch (command.verb) {
      case 'CONNECT':
        return this.connect(command);
      case 'PUBLISH':
        this.topics.add(command.topic);
        return this.connected().publish(command.topic, command.data);
      case 'SUBSCRIBE':
        await this.connected().subscribe(command.topic);
        this.topics.add(command.topic);
        return;
      case 'UNSUBSCRIBE':
        return this.connected().unsubscribe(command.topic);
      case 'DISCONNECT':
        await this.connected().forget();
        this.connection = undefined;
        typing.prompt(noPrompt);
        return typing.print('OK disconnected; your subscriptions are forgotten\n');
      case 'STATUS':
        return typing.print(this.connection ? await this.connection.status() : 'not connected\n');
      case 'HELP':
        return typing.print(help());
      case 'QUIT':
        return undefined;
    }
  }

  private async connect(at: { readonly server: string; readonly name: string }): Promise<void> {
    if (this.connection) {
      const { name, member = '' } = this.connection.community;
      throw new MootError('already_exists', `you are connected to ${name} as ${member}`, { hint: 'DISCONNECT' });
    }
    this.connection = await Connection.open(this.session, this.typing, at, (topic) => this.topics.add(topic));
    const { name, member = '' } = this.connection.community;
    this.typing.prompt(`${member}@${name}> `);
  }

  private connected(): Connection {
    if (!this.connection) throw new MootError('unauthenticated', 'you are not connected', { hint: forms.CONNECT });
    return this.connection;
  }
}

function help(): string {
  const width = Math.max(...verbs.map((verb) => forms[verb].length));
  return verbs.map((verb) => `  ${forms[verb].padEnd(width)}  ${meanings[verb]}\n`).join('');
}
