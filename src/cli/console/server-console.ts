import type { RunningServer } from '../../app/config.js';
import { placeOf } from '../../core/address.js';
import type { Entry } from '../../core/entry.js';
import { toFailure } from '../failure.js';
import type { Typing } from '../live/typing.js';
import { articlesText, membersText, subscribersText } from '../render/feed-text.js';
import { oneLine, plain } from '../render/plain.js';
import { UsageError } from '../usage.js';
import { meanings, parseConsoleCommand } from './console-command.js';

/** More names than these are counted, not listed. */
const mostNames = 20;

/** What is typed at a running server, and what it shows meanwhile. */
export class ServerConsole {
  constructor(
    private readonly server: RunningServer,
    private readonly typing: Typing,
    /** Shows articles as they arrive. */
    private readonly verbose: boolean,
  ) {}

  print(text: string): Promise<void> {
    return this.typing.print(text);
  }

  close(): void {
    this.typing.close();
  }

  /** Ends at `exit`, Ctrl-C and Ctrl-D. */
  async run(): Promise<void> {
    const unhook = this.verbose ? this.server.view.onArticle((article) => this.arrived(article)) : undefined;
    try {
      for await (const line of this.typing) if (await this.isLast(line)) return;
    } finally {
      unhook?.();
      this.typing.close();
    }
  }

  private async isLast(line: string): Promise<boolean> {
    try {
      const command = parseConsoleCommand(line);
      if (command === 'exit') return true;
      if (command) await this.typing.print(await this.answer(command));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      await this.typing.print(toFailure(error, undefined, false).text);
    }
    return false;
  }

  private async answer(command: Exclude<keyof typeof meanings, 'exit'>): Promise<string> {
    switch (command) {
      case 'status':
        return this.status();
      case 'peers':
        return this.peers();
      case 'topics':
        return this.topics();
      case 'help':
        return help();
    }
  }

  private async status(): Promise<string> {
    const { articles, members, publishers, subscribers } = await this.server.view.status();
    const listening = subscribers.map(
      ({ name, topics }) => `${oneLine(name) || 'a reader'} (${topics.join(', ') || 'everything'})`,
    );
    return [
      `${this.server.name} at ${placeOf(this.server.address)}: ${membersText(members)}, ${articlesText(articles)}`,
      `publishers since it started: ${listed(publishers.map(oneLine))}`,
      `subscribers: ${listed(listening)}`,
      '',
    ].join('\n');
  }

  private peers(): string {
    const { view } = this.server;
    const why = (reason: string): string => (reason === '' ? '' : `: ${oneLine(reason)}`);
    const lines = [
      ...view
        .peers()
        .map(({ name, address, state, reason }) => `${oneLine(name)} at ${placeOf(address)}, ${state}${why(reason)}\n`),
      ...view.callers().map(({ peer, name, state, reason }) => {
        const who = name === '' ? 'a server' : oneLine(name);
        const links = state === 'waiting' ? 'would link' : 'links';
        return `${who} (id ${peer.slice(0, 12)}…) ${links} here, ${state}${why(reason)}\n`;
      }),
    ];
    return lines.length === 0 ? 'it links to no other community, and none links to it\n' : lines.join('');
  }

  /** What has articles or subscribers, by name. */
  private async topics(): Promise<string> {
    const { view } = this.server;
    const [published, { subscribers }] = await Promise.all([view.topics(), view.status()]);
    const rows = new Map(published.map(({ topic, articles }) => [topic, { articles, subscribers: 0 }]));
    for (const topic of subscribers.flatMap(({ topics }) => topics)) {
      const row = rows.get(topic) ?? { articles: 0, subscribers: 0 };
      rows.set(topic, { ...row, subscribers: row.subscribers + 1 });
    }
    const lines = [...rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([topic, row]) => `${topic}: ${articlesText(row.articles)}, ${subscribersText(row.subscribers)}\n`);
    const ofAll = subscribers.filter(({ topics }) => topics.length === 0).length;
    if (ofAll > 0) lines.push(`everything: ${subscribersText(ofAll)}\n`);
    return lines.length === 0 ? 'no topic has articles or subscribers\n' : lines.join('');
  }

  private arrived({ origin, topic, author, title, body }: Entry): void {
    const { id, view } = this.server;
    const from = view.peers().find(({ peer }) => peer === origin)?.name ?? `${origin.slice(0, 12)}…`;
    const where = origin === id ? '' : ` (${oneLine(from)})`;
    const text = title ?? plain(body).trim().split('\n')[0] ?? '';
    this.typing.print(`[${topic}] ${oneLine(author)}${where}: ${oneLine(text)}\n`).catch(() => undefined);
  }
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return '0';
  const more = names.length - mostNames;
  return `${names.length}: ${names.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function help(): string {
  return Object.entries(meanings)
    .map(([verb, meaning]) => `  ${verb.padEnd(8)}${meaning}\n`)
    .join('');
}
