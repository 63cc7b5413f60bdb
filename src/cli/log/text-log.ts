import { toFailure } from '../failure.js';
import { oneLine } from '../render/plain.js';
import type { Session } from '../session.js';
import type { DaemonLog, Level, Lines, LogEvent } from './daemon-log.js';

/**
 * What happens in a server, as lines: what is wrong always, the rest with --verbose, and every call with --debug. On stderr,
 * or above the line that is typed at its console, where who comes and goes is shown as well.
 */
export class TextLog implements DaemonLog {
  private lines: Lines | undefined;

  constructor(
    private readonly session: Session,
    private readonly levels: readonly Level[],
  ) {}

  writeTo(lines: Lines | undefined): void {
    this.lines = lines;
  }

  note(event: LogEvent): void {
    // A log that nobody reads any longer must not end the server.
    if (this.shows(event)) this.write(event).catch(() => undefined);
  }

  async stopping(): Promise<void> {
    await this.session.note('stopping; again to stop at once\n');
  }

  async fail(error: unknown): Promise<number> {
    const { text, line, status } = toFailure(error, this.session.doing, this.session.settings.debug);
    await this.session.complain(this.session.settings.json ? line : text);
    return status;
  }

  private shows(event: LogEvent): boolean {
    if (this.levels.includes(event.level)) return true;
    return event.level === 'info' && this.lines !== undefined && 'memberId' in event;
  }

  private write(event: LogEvent): Promise<void> {
    const text = oneLine(event.text);
    if (this.lines) return this.lines.print(`${timeOfDay()} ${text}\n`);
    const line = `${new Date().toISOString()} ${event.level} ${text}${fields(event)}\n`;
    const isNews = event.level === 'info' || event.level === 'debug';
    return isNews ? this.session.note(line) : this.session.complain(line);
  }
}

/** Who comes and goes and what is called, once more, for machines: ` event="lost" memberId="…" topics="sports,chess"`. */
function fields({ event, memberId, topics, requestId, caller }: LogEvent): string {
  const list = Array.isArray(topics) ? topics.join(',') : undefined;
  return Object.entries({ event, memberId, topics: list, requestId, caller })
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
    .join('');
}

function timeOfDay(): string {
  const now = new Date();
  return [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
