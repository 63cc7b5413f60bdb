import type { Entry } from '../../core/entry.js';
import { decodeEntry } from '../../core/entry-codec.js';
import type { Commit } from '../../core/log.js';
import { merkleLevels } from '../../identity/merkle.js';

/** A commit, and what is worked out from it once for all who are sent parts of it. */
export class DecodedCommit {
  private decoded: readonly (Entry | undefined)[] | undefined;
  private tree: ReturnType<typeof merkleLevels> | undefined;

  constructor(readonly commit: Commit) {}

  /** In order; undefined where the text is gone, or cannot be read. */
  get entries(): readonly (Entry | undefined)[] {
    this.decoded ??= this.commit.entries.map(({ bytes }) => (bytes ? read(bytes) : undefined));
    return this.decoded;
  }

  get levels(): ReturnType<typeof merkleLevels> {
    this.tree ??= merkleLevels(this.commit.entries.map(({ hash }) => hash));
    return this.tree;
  }
}

/** One entry that cannot be read stops no other. */
function read(bytes: Uint8Array): Entry | undefined {
  try {
    return decodeEntry(bytes);
  } catch {
    return undefined;
  }
}
