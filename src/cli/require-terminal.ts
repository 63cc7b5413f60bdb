import type { TerminalStreams } from './io.js';
import type { Session } from './session.js';
import { usage } from './usage.js';

/** The terminal, for a command that asks questions. @throws UsageError, with `instead` as its hint, when there is none. */
export function requireTerminal(session: Session, instead: string): TerminalStreams {
  const command = `moot ${session.doing}`;
  session.doing = 'cannot show the menu';
  if (!session.io.terminal) throw usage(`${command} needs a terminal`, instead);
  if (session.settings.json) throw usage(`${command} has no --json`, instead);
  return session.io.terminal;
}
