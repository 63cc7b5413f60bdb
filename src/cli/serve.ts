import type { Log } from '../app/config.js';
import { codeOf } from '../core/errors.js';
import { exit } from './failure.js';
import { type DaemonLog, levelsOf } from './log/daemon-log.js';
import type { LogFlags } from './log/log-flags.js';
import { TextLog } from './log/text-log.js';
import type { Session } from './session.js';

interface Served {
  stop(): Promise<void>;
  onBroken?(listener: (error: Error) => void): void;
}

/** What is typed while it runs. */
interface Console {
  print(text: string): Promise<void>;
  /** Resolves when it was told to stop. */
  run(): Promise<void>;
  close(): void;
}

/** Begins the console, where there is a terminal. */
type BeginConsole<S> = (served: S) => Console;

/** Starts something and keeps it running until Ctrl-C or its console stops it gracefully, or until it breaks. */
export async function serve<S extends Served>(
  session: Session,
  flags: LogFlags,
  start: (log: Log) => Promise<S>,
  begin?: BeginConsole<S>,
): Promise<void> {
  const isJson = flags.logFormat === 'json';
  const log = await openLog(session, flags);
  const served = await start((event) => log.note(event)).catch(async (error: unknown) => {
    if (!isJson) throw error;
    // Who reads the log by machine finds there as well why it did not start.
    session.status = await log.fail(error);
  });
  if (!served) return;
  const hasConsole = begin !== undefined && !isJson && !session.settings.json && session.io.isForeground();
  const console = hasConsole ? begin(served) : undefined;
  if (console) log.writeTo(console);
  const broken = await Promise.race([
    new Promise<undefined>((resolve) => {
      if (session.signal.aborted) resolve(undefined);
      session.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    }),
    new Promise<Error>((resolve) => served.onBroken?.(resolve)),
    ...(console ? [console.run().then(() => undefined)] : []),
  ]);
  console?.close();
  log.writeTo(undefined);
  // At the console Ctrl-C is a key: what comes now would be the first signal, and is the second Ctrl-C.
  const unhook = console && session.io.onSignal(() => session.io.exit(exit.interrupted));
  if (broken) await fail(session, log, broken);
  else await log.stopping();
  await served.stop();
  unhook?.();
}

async function openLog(session: Session, flags: LogFlags): Promise<DaemonLog> {
  const levels = levelsOf(session, flags);
  if (flags.logFormat === 'text') return new TextLog(session, levels);
  const { JsonLog } = await import('./log/json-log.js');
  return new JsonLog(session, levels);
}

/** The disk refused, what is on it is damaged, or the key was replaced: no further acknowledgement is given, and the status says which. */
async function fail(session: Session, log: DaemonLog, error: Error): Promise<void> {
  const status = await log.fail(error);
  session.status = codeOf(error) === 'unavailable' ? exit.disk : status;
}
