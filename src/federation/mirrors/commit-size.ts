import type { Commit } from '../../core/log.js';

const sealBytes = 320;
const entryBytes = 40;

/** About what a commit takes in memory and in messages. */
export function sizeOf({ entries }: Commit): number {
  let size = sealBytes;
  for (const { bytes } of entries) size += entryBytes + (bytes?.length ?? 0);
  return size;
}
