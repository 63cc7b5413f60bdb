import type { Log } from '../app/config.js';
import { codeOf } from '../core/errors.js';
import { exit, toFailure } from './failure.js';
import { ServerLog } from './server-log.js';
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

export interface ServeOptions<S> {
  /** Says what happens. */
  readonly verbose?: boolean | undefined;
  /** Begins the console, where there is a terminal. */
  readonly console?: ((served: S) => Console) | undefined;
}

/** Starts something and keeps it running until Ctrl-C or its console stops it gracefully, or until it breaks. */
export async function serve<S extends Served>(
  session: Session,
  start: (log: Log) => Promise<S>,
  { verbose = false, console: begin }: ServeOptions<S> = {},
): Promise<void> {
  const log = new ServerLog(session, verbose);
  const served = await start((event) => log.note(event));
  const hasConsole = begin !== undefined && !session.settings.json && session.io.isForeground();
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
  if (broken) await fail(session, broken);
  else await session.note('stopping; again to stop at once\n');
  await served.stop();
  unhook?.();
}

/** The disk refused, or what is on it is damaged: no further acknowledgement is given, and the status says which. */
async function fail(session: Session, error: Error): Promise<void> {
  const { text, line, status } = toFailure(error, session.doing, session.settings.debug);
  session.status = codeOf(error) === 'damaged' ? status : exit.disk;
  await session.complain(session.settings.json ? line : text);
}
