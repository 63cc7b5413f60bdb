import type { Operator } from '../client/index.js';
import type { Session } from './session.js';

/** The community `server` with its operator's token: as given, else as the server left it in the home folder. */
export async function operatorOf(session: Session, server: string, signal = session.signal): Promise<Operator> {
  const { operatorToken: token, operatorTokenFile: tokenFile } = session.settings;
  return (await session.moot()).operator(server, { token, tokenFile, signal });
}
