import type { TerminalStreams } from './io.js';
import type { Session } from './session.js';
import { usage } from './usage.js';

/** The terminal, for a command that asks questions. @throws UsageError, with `instead` as its hint, when there is none. */
export function requireTerminal(session: Session, instead: string, doing = 'cannot show the menu'): TerminalStreams {
  const command = `moot ${session.doing}`;
  session.doing = doing;
  if (!session.io.terminal) throw usage('terminal', `${command} needs a terminal`, instead);
  if (session.settings.json) throw usage('--json', `${command} has no --json`, instead);
  return session.io.terminal;
}
