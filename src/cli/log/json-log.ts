import pino, { type Logger } from 'pino';
import { toFailure } from '../failure.js';
import { oneLine } from '../render/plain.js';
import type { Session } from '../session.js';
import type { DaemonLog, Level, LogEvent } from './daemon-log.js';

/** What would let its reader in. Nothing here logs such a thing; where something ever does, this is what stands there. */
const secrets = ['token', 'tokens', 'authorization', 'operatorToken', 'privatePem', 'invite', 'metadata'];

/** One JSON object a line: `time` (ISO 8601, UTC), `level`, `msg`, and what belongs to it. */
export class JsonLog implements DaemonLog {
  private readonly pino: Logger;

  constructor(
    private readonly session: Session,
    levels: readonly Level[],
  ) {
    // A log that nobody reads any longer must not end the server.
    const write = (line: string): void => void session.io.stderr.write(line).catch(() => undefined);
    this.pino = pino(
      {
        level: levels[0] ?? 'error',
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }) },
        redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
      },
      { write },
    );
  }

  note({ level, text, ...fields }: LogEvent): void {
    this.pino[level](fields, oneLine(text));
  }

  async stopping(): Promise<void> {
    this.pino.info({ event: 'stopping' }, 'stopping; a second signal stops at once');
  }

  async fail(error: unknown): Promise<number> {
    const { said, status, stack } = toFailure(error, this.session.doing, this.session.settings.debug);
    const { code, field = null, message, hint = null } = said;
    this.pino.fatal({ code, field, try: hint, status, stack }, oneLine(message));
    return status;
  }

  /** It never has a console: that would speak between the lines. */
  writeTo(): void {}
}
