import type { Denied } from '../../client/index.js';
import { isoOrNull } from './time.js';

/** One server of a deny list. */
export function deniedLine({ id, name, level, reason, untilMs }: Denied): object {
  return { id, name: name || null, level, reason, until: isoOrNull(untilMs) };
}
