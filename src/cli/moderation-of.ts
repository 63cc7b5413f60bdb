import type { Moderation } from '../client/index.js';
import type { Session } from './session.js';

/** The community `server`, to look after it: with its operator's token, else with our membership, which a moderator's may. */
export async function moderationOf(session: Session, server: string, signal = session.signal): Promise<Moderation> {
  const { operatorToken: token, operatorTokenFile: tokenFile } = session.settings;
  return (await session.moot()).moderation(server, { token, tokenFile, signal });
}
