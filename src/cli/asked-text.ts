import type { PeerInfo } from '../client/index.js';
import { quoted } from '../client/quoted.js';

/** What must happen before a link of `name` that was asked for comes up. */
export function askedText(name: string, { name: other }: PeerInfo): string {
  return `waits for ${other}'s operator: moot approve ${quoted(other)} ${quoted(name)}`;
}
